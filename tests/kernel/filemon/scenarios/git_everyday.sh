# pull, mv, rm, restore, reset, clean, apply, am, cherry-pick and revert.
. "$(dirname "$0")/promises.sh"
new_repository "$outside/upstream"
mkdir -p "$outside/upstream/src/a"
for n in $(seq 12); do echo "int f$n = 0;" >"$outside/upstream/src/a/f$n.c"; done
commit "$outside/upstream" base
new_repository .
git pull -q "$outside/upstream" main
all_kept .
pause
sed -i 's/0/1/' src/a/f1.c
kept src/a/f1.c
pause
git restore src/a/f1.c
kept src/a/f1.c
pause
git mv src/a/f2.c src/moved.c
moved src/a/f2.c src/moved.c
git rm -q src/a/f3.c
deleted src/a/f3.c
git commit -qm two
pause
git reset -q --hard HEAD~1
kept src/a/f2.c src/a/f3.c
deleted src/moved.c
pause
mkdir scratch
pause
echo 'int scratch;' | save scratch/s.c
pause
git clean -qfd
deleted scratch/s.c
echo 'int f4 = 4;' | save src/a/f4.c
git diff >"$outside/four.patch"
pause
git checkout -q -- src
kept src/a/f4.c
pause
git apply "$outside/four.patch"
kept src/a/f4.c
git commit -qam four
git format-patch -q -1 -o "$outside"
pause
git revert --no-edit HEAD >/dev/null
kept src/a/f4.c
pause
git am -q "$outside"/0001-four.patch
kept src/a/f4.c
pause
git checkout -q -b other HEAD~2
git reset -q --hard HEAD~1
kept src/a/f4.c
pause
git cherry-pick main >/dev/null
kept src/a/f4.c
