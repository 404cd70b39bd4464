# A teacher's archive is unpacked over a student's work, and one of another course beside it.
. "$(dirname "$0")/promises.sh"
mkdir -p "$outside/from/hw/lib"
pack() {
  for n in $(seq 15); do echo "int a$n = $1;" >"$outside/from/hw/lib/f$n.c"; done
  (cd "$outside/from" && zip -qr "$outside/hw.zip" hw)
}
pack 1
unzip -qo "$outside/hw.zip"
all_kept hw
pause
echo 'int mine;' | save hw/lib/f1.c
pack 2
pause
unzip -qo "$outside/hw.zip"
all_kept hw
pause
unzip -qn "$outside/hw.zip" -d other
all_kept other
pause
unzip -p "$outside/hw.zip" hw/lib/f1.c >single.c
kept single.c
rm -r hw
for n in $(seq 15); do deleted hw/lib/f$n.c; done
unzip -qo "$outside/hw.zip"
all_kept hw
