# What every shell script here begins with: `script WORKSPACE OUTSIDE`.
# Prints, tab-separated, what a watcher of WORKSPACE must have told in the end.
set -euo pipefail
workspace=$1 outside=$2
cd "$workspace"

# Each of these files is complete now: this version must be kept.
kept() {
  local file sha256
  for file in "$@"; do
    sha256=$(sha256sum <"$file")
    printf 'V\t%s\t%s\n' "$file" "${sha256%% *}"
  done
}

# So is every source file below these folders.
all_kept() {
  local file
  find "$@" -name .git -prune -o -type f \( -name '*.c' -o -name '*.h' -o -name '*.py' \) -print |
    while read -r file; do kept "${file#./}"; done
}

deleted() { printf 'D\t%s\n' "$@"; }
moved() { printf 'M\t%s\t%s\n' "$1" "$2"; }
never() { printf 'N\t%s\n' "$@"; }

# Versions that are less than this apart are nobody's promise.
pause() { sleep "${1:-0.1}"; }

save() { # PATH, content from standard input
  cat >"$1"
  kept "$1"
}

new_repository() {
  git init -q -b main "$1"
  git -C "$1" config user.email student@example.org
  git -C "$1" config user.name Student
  git -C "$1" config gc.auto 0
}

commit() { # REPOSITORY MESSAGE
  git -C "$1" add -A
  git -C "$1" commit -qm "$2"
}
