# rsync writes .NAME.XXXXXX and renames it; later with backups, then deleting what is gone at its source.
. "$(dirname "$0")/promises.sh"
mkdir -p "$outside/from/lib/deep"
for n in $(seq 10); do echo "int a$n = 1;" >"$outside/from/lib/deep/f$n.c"; done
rsync -a "$outside/from/" here/
all_kept here
pause
for n in $(seq 10); do echo "int a$n = 22;" >"$outside/from/lib/deep/f$n.c"; done
rsync -a "$outside/from/" here/
all_kept here
pause
echo 'int a1 = 333;' >"$outside/from/lib/deep/f1.c"
rsync -a --backup "$outside/from/" here/
kept here/lib/deep/f1.c
pause
rm "$outside"/from/lib/deep/f[2-5].c
rsync -a --delete --delay-updates "$outside/from/" here/
for n in 2 3 4 5; do deleted here/lib/deep/f$n.c; done
pause
echo 'int whole;' >"$outside/from/lib/deep/f6.c"
rsync -a --temp-dir="$outside" "$outside/from/" here/
kept here/lib/deep/f6.c
