# In sight of the watcher a tmpfs is mounted over a folder, and a file over a file, and both are taken away again.
. "$(dirname "$0")/promises.sh"
mkdir -p hw/over
echo 'int below;' | save hw/over/f.c
echo 'int file;' | save hw/file.c
echo 'int elsewhere;' >"$outside/e.c"
pause 0.3
trap 'umount -l hw/over hw/file.c 2>/dev/null || true' EXIT
mount -t tmpfs filemon-test hw/over
echo 'int covers;' >hw/over/f.c
echo 'int new;' >hw/over/new.c
never hw/over/new.c
pause 0.3
echo 'int beside;' | save hw/beside.c
umount hw/over
pause
echo 'int below_again;' | save hw/over/f.c
pause
mount --bind "$outside/e.c" hw/file.c
echo 'int secret;' >hw/file.c
never hw/file.c
pause 0.3
umount hw/file.c
echo 'int file_again;' | save hw/file.c
# A folder moves with what is mounted in it.
mount -t tmpfs filemon-test hw/over
mv hw moved
moved hw/file.c moved/file.c
pause 0.3
umount moved/over
mv moved hw
moved moved/file.c hw/file.c
pause 0.3
echo 'int end;' | save hw/over/f.c
