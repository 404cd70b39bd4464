# Files come over others by cp, install, ln and mv, with their options that replace, link and keep backups.
. "$(dirname "$0")/promises.sh"
from() { # CONTENT, and gives a file that holds it
  echo "$1" >"$outside/from.c"
  echo "$outside/from.c"
}
cp "$(from 'int a;')" main.c && kept main.c && pause
cp "$(from 'int b;')" main.c && kept main.c && pause
cp -f --remove-destination "$(from 'int c;')" main.c && kept main.c && pause
cp --backup=simple "$(from 'int d;')" main.c && kept main.c && pause
cp --reflink=auto --sparse=always "$(from 'int e;')" main.c && kept main.c && pause
install -m 644 "$(from 'int f;')" main.c && kept main.c && pause
install -D -b "$(from 'int g;')" new/folders/main.c && kept new/folders/main.c && pause
install -b "$(from 'int h;')" new/folders/main.c && kept new/folders/main.c && pause
mv "$(from 'int i;')" main.c && kept main.c && pause
mv --backup=numbered "$(from 'int j;')" main.c && kept main.c && pause
cp main.c twin.c && kept twin.c && pause
ln -f main.c linked.c && kept linked.c && pause
cp -u "$(from 'int k;')" twin.c && kept twin.c && pause
cp -a new copied && kept copied/folders/main.c && pause
cat main.c twin.c >both.c && kept both.c && pause
tee -a both.c <<<'int l;' >/dev/null && kept both.c
