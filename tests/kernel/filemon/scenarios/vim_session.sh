# One session of vim saves several times: undo, :saveas, :w to others, :argdo, patchmode, read-only, through a link.
. "$(dirname "$0")/promises.sh"
edit() { # FILE COMMAND...
  local file=$1 commands=() command
  shift
  for command in "$@"; do commands+=(-c "$command"); done
  vim -u NONE -i NONE -es "${commands[@]}" "$file" </dev/null >/dev/null 2>&1 || true
}
echo 'int main;' | save main.c
pause
printf 'int main;\nint one;\n' >"$outside/one"
printf 'int main;\nint one;\nint two;\n' >"$outside/two"
edit main.c 'set directory=.' 'normal Goint one;' 'w|sleep 150m' 'normal Goint two;' 'w|sleep 150m' '%d' 'w|sleep 150m|q'
for version in "$outside/one" "$outside/two" main.c; do
  printf 'V\tmain.c\t%s\n' "$(sha256sum <"$version" | cut -c1-64)"
done
pause
edit main.c 'normal iint main;' 'saveas! second.c' 'normal Goint second;' 'w|sleep 100m' 'w! third.c|sleep 100m' 'qa!'
kept second.c third.c
pause
edit main.c 'set patchmode=.orig.c' 'normal Goint patched;' wq
kept main.c
pause
edit main.c 'args *.c' 'argdo %s/int/long/ge | update' 'qa!'
kept second.c third.c
pause
edit second.c '1w >> main.c' 'sleep 100m' '!rm third.c' 'q!'
kept main.c
deleted third.c
chmod 444 main.c
pause
edit main.c 'normal Goint readonly;' 'wq!'
grep -q readonly main.c
kept main.c
ln -s main.c link.c
pause
edit link.c 'normal Goint by_the_link;' 'wq!'
kept main.c
