# Ctrl-Z goes back to the shell, fg returns; so does a SIGTSTP from elsewhere.
. "$SRCDIR/term/term.sh"
start_target

t new-session -d -x 100 -y 30 "PS1='shell> ' bash --norc -i" || fail "tmux does not start"
see "shell>"
keys -l "$PAGESCAPE -p $target"
keys Enter
see "F1 help"
for i in 1 2; do
	keys C-z
	see "Stopped"
	[ "$(flag alternate_on)" = 0 ] || fail "stopped on the alternate screen"
	[ "$(flag cursor_flag)" = 1 ] || fail "stopped with the cursor hidden"
	keys -l "clear; fg"
	keys Enter
	see "F1 help"
	keys F1
	see "Moving"
	keys Escape
	unsee "Moving"
done
kill -TSTP "$(pgrep -P "$(flag pane_pid)" -f "pagescape -p")"
see "Stopped"
keys -l "clear; fg"
keys Enter
see "F1 help"
keys q
see "^shell> *$"
[ "$(flag alternate_on)" = 0 ] || fail "left on the alternate screen"
kill -0 "$target" || fail "the watched process is gone"
echo "ok: stopped and continued"
