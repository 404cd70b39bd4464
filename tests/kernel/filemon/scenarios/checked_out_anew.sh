# rm -rf of everything, then git brings it back; a folder gives way to a link, a file to a folder, and back.
. "$(dirname "$0")/promises.sh"
new_repository .
mkdir -p src/a/b
for n in $(seq 20); do echo "int a$n;" | save src/a/b/f$n.c; done
commit . base
pause
rm -rf src
for n in $(seq 20); do deleted src/a/b/f$n.c; done
git checkout -q -- src
all_kept src
pause
mv src/a real
for n in $(seq 20); do moved src/a/b/f$n.c real/b/f$n.c; done
ln -s ../real src/a
pause
echo 'int through_the_link;' >src/a/b/f1.c
kept real/b/f1.c
pause
rm src/a
git checkout -q -- src
all_kept src
pause
rm -rf real
for n in $(seq 20); do deleted real/b/f$n.c; done
mkdir unit.c
pause
echo 'int folder;' | save unit.c/f.c
pause
rm -r unit.c
deleted unit.c/f.c
echo 'int no_folder;' | save unit.c
pause
rm unit.c
deleted unit.c
mkdir unit.c
pause
echo 'int folder_again;' | save unit.c/f.c
