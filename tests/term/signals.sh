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
