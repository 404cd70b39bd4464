# A merge conflicts and is given up; then it is made again, one side is taken, and it is committed.
. "$(dirname "$0")/promises.sh"
new_repository .
printf 'int a;\nint b;\nint c;\n' >main.c
echo 'int old;' >gone.c
commit . base
git checkout -q -b theirs
printf 'int a;\nint theirs;\nint c;\n' >main.c
echo 'int new;' >new.h
commit . theirs
git checkout -q main
printf 'int a;\nint ours;\nint c;\n' >main.c
git rm -q gone.c
commit . ours
all_kept .
pause
git merge -q theirs >"$outside/log" 2>&1 && exit 1
grep -q '<<<<<<<' main.c
all_kept .
pause
git merge --abort
kept main.c
deleted new.h
pause
git merge -q theirs >"$outside/log" 2>&1 && exit 1
all_kept .
pause
git checkout -q --theirs main.c
kept main.c
pause
printf 'int a;\nint both;\nint c;\n' | save main.c
commit . merged
