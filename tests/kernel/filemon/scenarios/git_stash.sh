# Half-done work is put aside, also files that git does not know, and taken out again.
. "$(dirname "$0")/promises.sh"
new_repository .
mkdir -p src/deep
for n in $(seq 10); do echo "int a$n = 1;" >src/deep/f$n.c; done
commit . base
all_kept .
pause
for n in $(seq 10); do echo "int a$n = 2;" >src/deep/f$n.c; done
echo 'int fresh;' >src/fresh.c
all_kept .
pause
git stash push -q --include-untracked
all_kept .
deleted src/fresh.c
pause
git stash pop -q
all_kept .
pause
git stash push -q --keep-index
git stash drop -q
all_kept .
