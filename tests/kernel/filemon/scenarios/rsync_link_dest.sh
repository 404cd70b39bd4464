# Daily copies that share by links what did not change; backups aside, delayed updates, times alone, moved sources.
. "$(dirname "$0")/promises.sh"
mkdir -p "$outside/from/lib"
fill() { # NUMBER
  for n in $(seq 6); do echo "int a$n = $1;" >"$outside/from/lib/f$n.c"; done
}
fill 1
rsync -a "$outside/from/" day1/
all_kept day1
pause
fill 2
cp -p day1/lib/f1.c "$outside/from/lib/f1.c"
rsync -a --link-dest="$workspace/day1" "$outside/from/" day2/
all_kept day2
test day1/lib/f1.c -ef day2/lib/f1.c
pause 0.3
echo 'int both_days;' >day2/lib/f1.c
kept day1/lib/f1.c day2/lib/f1.c
pause
rm -r day1
for n in $(seq 6); do deleted day1/lib/f$n.c; done
fill 3
rsync -a --backup --backup-dir="$workspace/old" "$outside/from/" day2/
all_kept day2 old
pause
fill 4
rsync -a -c --partial-dir=.part --delay-updates "$outside/from/" day2/
all_kept day2
pause
touch -d 2001-01-01 "$outside"/from/lib/*.c
rsync -rt "$outside/from/" day2/
pause
rsync -a --remove-source-files day2/ day3/
for n in $(seq 6); do deleted day2/lib/f$n.c; done
all_kept day3
pause
fill 5
touch -d 2001-01-01 "$outside"/from/lib/*.c
rsync -a -I "$outside/from/" day3/
all_kept day3
pause
rsync -a --delete --delete-excluded --exclude='f[1-3].c' "$outside/from/" day3/
for n in 1 2 3; do deleted day3/lib/f$n.c; done
