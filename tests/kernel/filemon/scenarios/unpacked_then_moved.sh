# Installers unpack into a folder with a name of the moment and rename it; deep trees go out and come back.
. "$(dirname "$0")/promises.sh"
mkdir .tmp-1
mkdir -p .tmp-1/a/b/c/d
for n in $(seq 30); do echo "int f$n;" >.tmp-1/a/b/c/d/f$n.c; done
mv .tmp-1 package
all_kept package
pause 0.3
mkdir .tmp-2
mkdir -p .tmp-2/a/b/c/d
for n in $(seq 30); do echo "int newer$n;" >.tmp-2/a/b/c/d/f$n.c; done
mv package .old && mv .tmp-2 package && rm -rf .old
all_kept package
pause 0.3
mv package "$outside/"
for n in $(seq 30); do deleted package/a/b/c/d/f$n.c; done
pause
echo 'int changed_outside;' >"$outside/package/a/b/c/d/f1.c"
mkdir -p "$outside/package/a/new/er"
echo 'int new;' >"$outside/package/a/new/er/f.c"
rm "$outside/package/a/b/c/d/f2.c"
mv "$outside/package" renamed
all_kept renamed
pause
echo 'int after;' | save renamed/a/new/er/f.c
mv renamed/a/b/c renamed/c
for n in 1 $(seq 3 30); do moved renamed/a/b/c/d/f$n.c renamed/c/d/f$n.c; done
pause
mv renamed Renamed
for n in 1 $(seq 3 30); do moved renamed/c/d/f$n.c Renamed/c/d/f$n.c; done
pause
echo 'int capital;' | save Renamed/c/d/f1.c
mv Renamed/c/d/f1.c Renamed/c/d/F1.c
moved Renamed/c/d/f1.c Renamed/c/d/F1.c
