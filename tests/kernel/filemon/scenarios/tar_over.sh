# tar unpacks over what is there: replacing, overwriting in place, keeping what is newer; through a pipe, too.
. "$(dirname "$0")/promises.sh"
mkdir -p "$outside/from/hw/lib"
pack() { # CONTENT
  for n in $(seq 15); do echo "int a$n = $1;" >"$outside/from/hw/lib/f$n.c"; done
  tar -C "$outside/from" -cf "$outside/hw.tar" hw
}
pack 1
tar -xf "$outside/hw.tar"
all_kept hw
pause
pack 2
tar -xf "$outside/hw.tar"
all_kept hw
pause
pack 3
tar --overwrite -xf "$outside/hw.tar"
all_kept hw
pause
pack 4
tar --unlink-first --recursive-unlink -xf "$outside/hw.tar"
all_kept hw
pause
pack 5
tar -C "$outside/from" -cz hw | tar -xz
all_kept hw
pause
tar --skip-old-files -xf "$outside/hw.tar"
mv hw hw2
for n in $(seq 15); do moved hw/lib/f$n.c hw2/lib/f$n.c; done
tar -xf "$outside/hw.tar"
all_kept hw
