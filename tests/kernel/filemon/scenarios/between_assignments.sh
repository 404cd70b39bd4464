# Folders move between assignments, into one that has the same names, over an empty one, from outside, to the top.
. "$(dirname "$0")/promises.sh"
for hw in hw1 hw2 hw3; do
  mkdir -p $hw/src/util
  for n in 1 2 3; do echo "int ${hw}_$n;" | save $hw/src/util/f$n.c; done
done
pause 0.3
mv hw1/src hw2/src/
for n in 1 2 3; do moved hw1/src/util/f$n.c hw2/src/src/util/f$n.c; done
pause 0.05
echo 'int moved;' | save hw2/src/src/util/f1.c
pause
mv hw2/src/util hw1/
for n in 1 2 3; do moved hw2/src/util/f$n.c hw1/util/f$n.c; done
mkdir -p "$outside/in/src/util"
for n in 1 2 3 4; do echo "int in$n;" >"$outside/in/src/util/f$n.c"; done
mv "$outside/in/src" hw1/
all_kept hw1/src
pause
mv -T "$outside/in" hw4
mkdir hw4/new
echo 'int new;' | save hw4/new/n.c
pause
mv -T hw1/src hw3/src 2>/dev/null && exit 1 # not empty
mv hw1 hw1/src 2>/dev/null && exit 1         # into itself
rm -rf hw3/src/*
for n in 1 2 3; do deleted hw3/src/util/f$n.c; done
mv -T hw1/src hw3/src
for n in 1 2 3 4; do moved hw1/src/util/f$n.c hw3/src/util/f$n.c; done
pause
mv hw3/src/util/f1.c hw2/src/src/util/f1.c
moved hw3/src/util/f1.c hw2/src/src/util/f1.c
pause
cp -a hw3 hw5
mv hw5 hw6
mv hw6/src/util hw6/u
kept hw6/u/f2.c
pause 0.3
# One goes out, and another takes its name.
mv hw3 "$outside/hw3"
mv hw6 hw3
for n in 2 3 4; do kept hw3/u/f$n.c; done
pause
mv hw3 'hw 3 (submitted)'
moved hw3/u/f2.c 'hw 3 (submitted)/u/f2.c'
(cd 'hw 3 (submitted)' && mv u/* . && rmdir u)
kept 'hw 3 (submitted)/f2.c'
