# A link leads to one folder, then another, then gives way to a folder; files are saved through links.
. "$(dirname "$0")/promises.sh"
mkdir -p releases/1 releases/2
pause
echo 'int one;' | save releases/1/main.c
echo 'int two;' | save releases/2/main.c
ln -s releases/1 current
pause
echo 'int through_one;' >current/main.c
kept releases/1/main.c
pause
ln -sfn releases/2 current
echo 'int through_two;' >current/main.c
kept releases/2/main.c
pause
ln -s releases/1 .next && mv -T .next current
echo 'int one_again;' >current/main.c
kept releases/1/main.c
pause
rm -rf releases/2
deleted releases/2/main.c
mv releases/1 releases/2
moved releases/1/main.c releases/2/main.c
rm current
mv releases/2 current
moved releases/2/main.c current/main.c
pause
echo 'int real;' | save current/main.c
ln -s current/main.c link.c
pause
echo 'int through_a_link;' >link.c
kept current/main.c
pause
sed -i 's/through/instead_of/' link.c # puts a file where the link was
kept link.c
pause
ln -s . self
ln -s "$workspace" me
echo 'int round_and_round;' >self/self/me/current/main.c
kept current/main.c
