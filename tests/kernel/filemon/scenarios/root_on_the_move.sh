# The workspace itself is renamed, worked in by who was there before, and renamed back.
. "$(dirname "$0")/promises.sh"
mkdir src
echo 'int a;' | save src/a.c
pause
mv "$workspace" "$workspace.away"
echo 'int away;' >src/a.c
echo 'int new_while_away;' >src/b.c
pause 0.4
mv "$workspace.away" "$workspace"
pause 0.4
echo 'int back;' | save src/a.c
pause
for _ in 1 2 3; do
  mv "$workspace" "$workspace.away"
  mv "$workspace.away" "$workspace"
done
echo 'int again;' | save src/b.c
chmod 700 .
mkdir src/late
echo 'int late;' | save src/late/c.c
