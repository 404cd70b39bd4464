# Another branch is checked out beside the first one, worked in, moved and removed.
. "$(dirname "$0")/promises.sh"
new_repository hw
mkdir hw/lib
for n in $(seq 8); do echo "int f$n;" >hw/lib/f$n.c; done
commit hw base
all_kept hw
pause
git -C hw worktree add -q -b fix ../fix
all_kept fix
pause
echo 'int fixed;' | save fix/lib/f1.c
pause
git -C hw worktree move ../fix ../mended
for n in $(seq 8); do moved fix/lib/f$n.c mended/lib/f$n.c; done
pause
echo 'int mended;' | save mended/lib/f2.c
pause
git -C hw worktree remove --force ../mended
for n in $(seq 8); do deleted mended/lib/f$n.c; done
