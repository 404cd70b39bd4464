# A container sees a folder of the workspace only, as a bind mount in a mount namespace of its own.
. "$(dirname "$0")/promises.sh"
mkdir -p hw1 "$outside/project"
pause
unshare -m bash -ec '
  mount --bind hw1 "$1/project"
  cd "$1/project"
  echo "int one;" >main.c
  sleep 0.2
  mkdir -p src/deep
  sleep 0.2
  echo "int deep;" >src/deep/f.c
  echo "int tmp;" >.main.c.new
  mv .main.c.new main.c
  sleep 0.2
  mv src lib
  sleep 0.2
  echo "int moved;" >>lib/deep/f.c
  ln main.c linked.c
  sleep 0.3
  rm lib/deep/f.c
' bash "$outside"
kept hw1/main.c hw1/linked.c
moved hw1/src/deep/f.c hw1/lib/deep/f.c
deleted hw1/lib/deep/f.c
# Something is mounted over a folder: what is written there is not written here.
mkdir hw1/covered
pause
echo 'int below;' | save hw1/covered/f.c
pause
unshare -m bash -ec '
  mount --bind "$1" hw1/covered
  echo "int elsewhere;" >hw1/covered/f.c
' bash "$outside"
kept hw1/covered/f.c
