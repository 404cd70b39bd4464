# mv over the border of a file system or a mount copies and deletes: in, out, and in again with folders.
. "$(dirname "$0")/promises.sh"
elsewhere=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$elsewhere"' EXIT
mkdir -p "$elsewhere/hw/lib" "$outside/bound"
for n in $(seq 10); do echo "int a$n;" >"$elsewhere/hw/lib/f$n.c"; done
mv "$elsewhere/hw" hw
all_kept hw
pause
echo 'int b;' | save hw/lib/f1.c
pause
mv hw/lib/f1.c hw/lib/f2.c "$elsewhere/"
deleted hw/lib/f1.c hw/lib/f2.c
echo 'int secret;' >>"$elsewhere/f1.c"
pause
mv "$elsewhere/f1.c" hw/lib/f1.c
kept hw/lib/f1.c
pause
mv hw "$elsewhere/"
for n in 1 $(seq 3 10); do deleted hw/lib/f$n.c; done
pause
cp -a "$elsewhere/hw" hw
all_kept hw
pause
# The same file system through another mount: rename(2) refuses there as well.
unshare -m sh -ec '
  mount --bind "$1" "$1/bound"
  mv hw/lib/f3.c "$1/bound/f3.c"
  mv "$1/bound/f3.c" hw/lib/f4.c
' sh "$outside"
deleted hw/lib/f3.c
kept hw/lib/f4.c
