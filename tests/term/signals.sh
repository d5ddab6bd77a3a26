# Every signal that would end us, and can be caught, first restores the terminal and lets the
# watched process go; then it ends us.
. "$SRCDIR/term/term.sh"
ulimit -c 0
start_target

# not tried: those that do nothing, that stop, that cannot be caught, the two (32, 33) that the C
# library uses for its threads, and the one that makes a write fail instead
harmless=" CHLD CONT URG WINCH STOP TSTP TTIN TTOU KILL 32 33 XFSZ "

for number in $(seq 1 64); do
	name=$(kill -l "$number" 2>/dev/null)
	name=${name:-$number}
	case $harmless in *" $name "*) continue ;; esac
	run 100 30 "$PAGESCAPE" -p "$target"
	see "F1 help"
	kill -"$number" "$(pagescape_pid)"
	ended $((128 + number))
	kill -0 "$target" || fail "SIG$name ended the watched process"
	[ "$(ps -o stat= -p "$target" | cut -c1)" = S ] || fail "SIG$name left the watched process not sleeping"
	echo "ok: SIG$name"
done

# SIGKILL: a process of its own gives the terminal back, a moment after
given_back() {
	stty -F "$(flag pane_tty)" -a | sed 's/rows.*columns [0-9]*;//' | cmp -s - "$work/before" &&
		[ "$(flag alternate_on)$(flag cursor_flag)$(flag mouse_any_flag)$(flag keypad_cursor_flag)" = 0100 ]
}

run 100 30 "$PAGESCAPE" -p "$target"
see "F1 help"
guard=$(pgrep -P "$(pagescape_pid)" -x pagescape-guard) || fail "the terminal has no guard"
kill -KILL "$(pagescape_pid)"
until_ok given_back || fail "SIGKILL left the terminal: $(flag alternate_on) $(flag cursor_flag) $(flag mouse_any_flag)"
until_ok test -e "$work/status"
[ "$(cat "$work/status")" = 137 ] || fail "ended with $(cat "$work/status") of SIGKILL"
kill -0 "$target" || fail "SIGKILL ended the watched process"
until_ok eval '! kill -0 $guard 2>/dev/null' || fail "the guard of the terminal stays"
echo "ok: SIGKILL"

# and none stays that is no longer needed
run 100 30 "$PAGESCAPE" -p "$target"
see "F1 help"
guard=$(pgrep -P "$(pagescape_pid)" -x pagescape-guard) || fail "the terminal has no guard"
keys C-z
until_ok eval '! kill -0 $guard 2>/dev/null' || fail "a guard stays while it is stopped"
kill -CONT "$(pagescape_pid)"
seen "F1 help"
pgrep -P "$(pagescape_pid)" -x pagescape-guard >/dev/null || fail "the terminal has no guard any more"
keys q
ended 0
echo "ok: no guard stays"
