# emacs keeps main.c~, or numbered ones; locks with .#main.c, saves #main.c# by itself, renames and copies.
. "$(dirname "$0")/promises.sh"
edit() { # LISP
  emacs -Q --batch --eval "(progn (find-file \"main.c\") (goto-char (point-max)) $1)" >/dev/null 2>&1
}
echo 'int main;' | save main.c
pause
edit '(insert "int a;\n") (save-buffer)' && kept main.c && pause
edit '(setq backup-by-copying t) (insert "int b;\n") (save-buffer)' && kept main.c && pause
edit '(setq version-control t) (insert "int c;\n") (save-buffer)' && kept main.c && pause
edit '(insert "int d;\n") (do-auto-save) (sit-for 0.2) (save-buffer)' && kept main.c && pause
edit '(setq make-backup-files nil file-precious-flag t) (insert "int e;\n") (save-buffer)' && kept main.c && pause
edit '(write-file "other.c")' && kept other.c && pause
edit '(append-to-file "int f;\n" nil "main.c")' && kept main.c
