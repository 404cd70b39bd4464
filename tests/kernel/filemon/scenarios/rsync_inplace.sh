# rsync writes into the files themselves: whole, by blocks, and at their ends.
. "$(dirname "$0")/promises.sh"
mkdir "$outside/from"
yes 'int line;' | head -n 20000 >"$outside/from/long.c" || true
echo 'int short;' >"$outside/from/short.c"
rsync -a --inplace "$outside/from/" here/
all_kept here
pause
sed -i '10000s/line/changed/' "$outside/from/long.c"
echo 'int shorter;' >"$outside/from/short.c"
rsync -a --inplace --no-whole-file "$outside/from/" here/
all_kept here
pause
echo 'int end;' >>"$outside/from/long.c"
rsync -a --append-verify "$outside/from/" here/
kept here/long.c
pause
rm -rf here
deleted here/long.c here/short.c
rsync -a --inplace "$outside/from/" here/
all_kept here
