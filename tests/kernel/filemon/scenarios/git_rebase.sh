# A branch is rebased; one commit conflicts, is mended by hand, and the rebase goes on.
. "$(dirname "$0")/promises.sh"
new_repository .
for name in one two three; do echo "int $name = 0;" >$name.c; done
commit . base
git checkout -q -b work
for step in 1 2 3; do
  echo "int two = $step;" >two.c
  commit . "work $step"
  pause
done
git checkout -q main
echo 'int two = -1;' >two.c
echo 'int four;' >four.c
commit . main
all_kept .
pause
git checkout -q work
all_kept .
deleted four.c
pause
git rebase -q main >"$outside/log" 2>&1 && exit 1
all_kept . # with the marks of the conflict
pause
for step in 1 2 3; do
  echo "int two = $step; // rebased" | save two.c
  pause
  git add two.c
  GIT_EDITOR=true git rebase --continue >"$outside/log" 2>&1 || true
  kept two.c
  pause
done
all_kept .
