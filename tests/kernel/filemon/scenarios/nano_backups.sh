# nano -B copies to main.c~ and writes in place; once with a new name given while saving.
. "$(dirname "$0")/promises.sh"
echo 'int main;' | save main.c
pause
export TERM=xterm
expect -c 'log_user 0; set timeout 10; spawn nano -B --ignorercfiles main.c; sleep .5
  send "int a;\r\x13"; sleep .4; send "int b;\r\x13"; sleep .4; send "\x18"; expect eof' >/dev/null
grep -q 'int b;' main.c
kept main.c
pause
expect -c 'log_user 0; set timeout 10; spawn nano -B --ignorercfiles fresh.c; sleep .5
  send "int fresh;\r\x0f"; sleep .3; send "\r"; sleep .4; send "\x18"; expect eof' >/dev/null
kept fresh.c
