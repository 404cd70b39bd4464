# Files that are folders on another branch, submodules, bisect, gc, sparse checkout, am over a moved folder, archive.
. "$(dirname "$0")/promises.sh"
new_repository "$outside/lib"
mkdir "$outside/lib/api"
for n in $(seq 4); do echo "int lib$n;" >"$outside/lib/api/l$n.c"; done
commit "$outside/lib" lib
new_repository main
mkdir main/src
for n in $(seq 4); do echo "int m$n = 1;" >main/src/m$n.c; done
echo 'int thing;' >main/thing.c
commit main one
all_kept main
pause
git -C main -c protocol.file.allow=always submodule -q add "$outside/lib" ext/lib
all_kept main/ext
commit main module
pause
git -C main checkout -q -b kinds
git -C main rm -q thing.c
mkdir main/thing.c
echo 'int inside;' >main/thing.c/in.c
git -C main mv src src2
echo 'int no_folder;' >main/src
commit main kinds
pause 0.3
for _ in 1 2; do
  git -C main checkout -q -f main
  kept main/thing.c main/src/m1.c
  pause 0.3
  git -C main checkout -q -f kinds
  kept main/thing.c/in.c main/src2/m1.c
  pause 0.3
done
git -C main checkout -q -f main
pause
for n in $(seq 5); do
  echo "int m1 = 1$n;" >main/src/m1.c
  commit main "step $n"
done
kept main/src/m1.c
pause
git -C main bisect start -q HEAD HEAD~5 >/dev/null 2>&1
kept main/src/m1.c
pause
git -C main bisect bad >/dev/null 2>&1
kept main/src/m1.c
pause
git -C main bisect reset >/dev/null 2>&1
kept main/src/m1.c
git -C main gc -q --prune=now &
echo 'int beside_gc;' | save main/src/m2.c
wait
pause
git -C main checkout -q -- src
kept main/src/m2.c
pause
git -C main mv src source
moved main/src/m1.c main/source/m1.c
git -C main commit -qm moved
pause
git -C main sparse-checkout set --no-cone /thing.c /ext
for n in $(seq 4); do deleted main/source/m$n.c; done
pause
git -C main sparse-checkout disable
all_kept main/source
pause
git -C main submodule -q deinit -f ext/lib
for n in $(seq 4); do deleted main/ext/lib/api/l$n.c; done
pause
git -C main -c protocol.file.allow=always submodule -q update --init
all_kept main/ext
pause
git -C main format-patch -q -o "$outside/patches" HEAD~2
git -C main reset -q --hard HEAD~2
kept main/src/m1.c
pause
git -C main am -q "$outside"/patches/*
kept main/source/m1.c
git -C main archive --prefix=archived/ HEAD | tar -x
all_kept archived
