# cpio in its three ways, also by links; tar with hard links, read-only files, newer files and other names.
. "$(dirname "$0")/promises.sh"
mkdir -p "$outside/from/hw/lib"
fill() { # NUMBER
  for n in $(seq 8); do echo "int a$n = $1;" >"$outside/from/hw/lib/f$n.c"; done
}
pack() { (cd "$outside/from" && find hw -depth | cpio -o -H newc 2>/dev/null) >"$outside/hw.cpio"; }
fill 1
pack
cpio -id <"$outside/hw.cpio" 2>/dev/null
all_kept hw
pause
fill 2
touch -d '1 hour' "$outside"/from/hw/lib/*.c
pack
cpio -idm <"$outside/hw.cpio" 2>/dev/null
all_kept hw
pause
fill 3
(cd "$outside/from" && find hw -depth | cpio -pdmu "$workspace" 2>/dev/null)
all_kept hw
pause
mkdir linked
(cd hw && find . -depth -name '*.c' | cpio -pdl "$workspace/linked" 2>/dev/null)
all_kept linked
pause 0.3
echo 'int both;' >hw/lib/f1.c
kept hw/lib/f1.c linked/lib/f1.c
pause
rm -rf linked
for n in $(seq 8); do deleted linked/lib/f$n.c; done
ln "$outside/from/hw/lib/f1.c" "$outside/from/hw/lib/hard.c"
ln -s f1.c "$outside/from/hw/lib/soft.c"
chmod 400 "$outside/from/hw/lib/f2.c"
fill 4
tar -C "$outside/from" -cpf "$outside/hw.tar" hw
tar -xpf "$outside/hw.tar"
all_kept hw
pause
echo 'int mine;' | save hw/lib/hard.c
kept hw/lib/f1.c
pause
tar --keep-newer-files -xf "$outside/hw.tar" 2>/dev/null
all_kept hw
pause
tar --overwrite -xpf "$outside/hw.tar"
all_kept hw
pause
tar --transform 's,^hw,renamed,' -xmf "$outside/hw.tar"
all_kept renamed
