# >, >> in a loop, tee, dd without truncation, truncate, fallocate, split, touch and : > file.
. "$(dirname "$0")/promises.sh"
for n in $(seq 10); do echo "int line$n;" >>main.c && kept main.c && pause; done
dd if=/dev/zero of=main.c bs=4 count=1 seek=2 conv=notrunc status=none && kept main.c && pause
printf 'int tee;\n' | tee main.c other.c >/dev/null && kept main.c other.c && pause
truncate -s 4 main.c && kept main.c && pause
truncate -s 40 main.c && kept main.c && pause
fallocate -l 64 main.c && kept main.c && pause
fallocate --punch-hole -o 0 -l 4096 main.c && kept main.c && pause
: >main.c && kept main.c && pause
{ echo 'int half;'; sleep 0.3; echo 'int whole;'; } >main.c && kept main.c && pause
(exec 7<>main.c && printf 'INT' >&7) && kept main.c && pause
touch empty.c && kept empty.c && pause
seq 300 >"$outside/numbers" && split -l 100 -d --additional-suffix=.c "$outside/numbers" part && kept part0[0-2].c
echo 'int with spaces;' | save 'my program (final) ☃.c'
echo 'int dashes;' | save '--help.c'
sort -o other.c other.c main.c && kept other.c
