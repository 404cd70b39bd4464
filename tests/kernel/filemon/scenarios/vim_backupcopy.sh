# vim saves by renaming the old file away, by copying it, and in place; with backups, with an undo file.
. "$(dirname "$0")/promises.sh"
edit() { # FILE VIM-SETTINGS TEXT
  # Below /tmp vim keeps no backup unless it is told that nothing is to be skipped.
  vim -u NONE -i NONE -es -c "set backupskip= $2" -c "normal Go$3" -c wq "$1" </dev/null >/dev/null 2>&1 || true
  grep -q "$3" "$1"
  kept "$1"
  pause
}
echo 'int main;' | save main.c
pause
edit main.c 'backupcopy=no writebackup' 'int renamed;'
edit main.c 'backupcopy=yes writebackup' 'int copied;'
edit main.c 'backupcopy=auto nowritebackup nobackup' 'int plain;'
edit main.c 'backupcopy=no backup backupext=.c' 'int kept_aside;'
kept main.c.c
edit main.c 'backupcopy=yes backup backupdir=. undofile undodir=.' 'int undo;'
edit main.c 'noswapfile fsync' 'int synced;'
ln main.c other.c
kept other.c
pause
edit main.c 'backupcopy=auto writebackup' 'int linked;'
kept other.c
edit fresh.c 'writebackup' 'int fresh;'
