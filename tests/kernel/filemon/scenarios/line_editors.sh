# ed, patch, perl -i, sed -i over many files, with and without backups.
. "$(dirname "$0")/promises.sh"
mkdir src
for n in $(seq 20); do echo "int old$n;" >src/f$n.c; done
all_kept src
pause
sed -i 's/old/sed/' src/*.c && all_kept src && pause
sed -i.bak 's/sed/backed/' src/*.c && all_kept src && pause
perl -pi -e 's/backed/perl/' src/*.c && all_kept src && pause
perl -pi.orig -e 's/perl/kept/' src/*.c && all_kept src && pause
find src -name '*.c' -exec sed -i 's/kept/found/' {} + && all_kept src && pause
printf '%s\n' '1s/found/ed/' 'a' 'int appended;' '.' w q | ed -s src/f1.c && kept src/f1.c && pause
cp src/f2.c "$outside/f2.c" && sed 's/found/patched/' src/f2.c >"$outside/new.c"
diff -u src/f2.c "$outside/new.c" >"$outside/f2.patch" || true
patch -s src/f2.c "$outside/f2.patch" && kept src/f2.c && pause
patch -s -b -V numbered -R src/f2.c "$outside/f2.patch" && kept src/f2.c && pause
printf -- '--- /dev/null\n+++ src/made.c\n@@ -0,0 +1 @@\n+int made;\n' | patch -s -p0 && kept src/made.c && pause
printf -- '--- src/made.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int made;\n' | patch -s -p0 -E && deleted src/made.c
printf -- '--- src/f3.c\n+++ src/f3.c\n@@ -1 +1 @@\n-no such line\n+int never;\n' >"$outside/bad.patch"
patch -s -p0 <"$outside/bad.patch" >/dev/null && exit 1
kept src/f3.c
