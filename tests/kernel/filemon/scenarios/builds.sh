# make writes objects, programs and generated sources beside the source; make clean takes them away.
. "$(dirname "$0")/promises.sh"
mkdir src
for n in 1 2 3; do echo "int f$n(void) { return $n; }" | save src/f$n.c; done
printf '#include "made.h"\nint main(void) { return MADE - 1; }\n' | save src/main.c
tab=$(printf '\t')
cat >Makefile <<MAKEFILE
objects = src/f1.o src/f2.o src/f3.o src/main.o
program: \$(objects)
${tab}gcc -o \$@ \$^
src/main.o: src/made.h
src/made.h:
${tab}echo '#define MADE 1' >\$@.tmp && mv \$@.tmp \$@
%.o: %.c
${tab}gcc -c -o \$@ \$<
clean:
${tab}rm -f program src/made.h \$(objects)
MAKEFILE
pause
make -s -j2
./program
kept src/made.h
pause
make -s clean
deleted src/made.h
pause
echo 'int f1(void) { return 11; }' | save src/f1.c
make -s -j2
kept src/made.h
pause
# A tidy build: all of it in a folder that is thrown away.
mkdir -p build/src
pause
cp src/*.c src/made.h build/src/
kept build/src/f1.c build/src/made.h
gcc -save-temps=obj -c -o build/f1.o build/src/f1.c
pause
rm -rf build
deleted build/src/f1.c build/src/f2.c build/src/f3.c build/src/main.c build/src/made.h
