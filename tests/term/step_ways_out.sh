# Every way out, during a step or slow motion, leaves an attached process running.
. "$SRCDIR/term/term.sh"
if faults_refused "$work/out"; then
	echo "skipped: $(head -1 "$work/out")"
	exit 77
fi
ulimit -c 0

"$BUILDDIR/live/step_target" forever >"$work/said" &
target=$!
disown

is_free() {
	grep -q "TracerPid:.*	0" /proc/"$target"/status && ps -o stat= -p "$target" | grep -q '^R'
}
cpu_time() {
	cut -d' ' -f14-15 /proc/"$target"/stat | tr ' ' + | { IFS=+ read -r u s; echo $((u + s)); }
}
works() {
	[ "$(cpu_time)" -gt $((before + 2)) ]
}

# try NAME STATUS COMMAND...
try() {
	local name=$1 status=$2 motion
	shift 2
	for motion in slow step stopped; do
		run 100 30 "$PAGESCAPE" -p "$target"
		see "F1 help"
		if [ $motion = step ]; then
			keys S
			see "how many faults:"
			keys -l 1000000
			keys Enter
			unsee "how many faults:"
		elif [ $motion = slow ]; then
			keys w
			see "faults per second, at most:"
			keys -l 200
			keys Enter
			see "paused at a fault"
		else
			keys -l sss
			see "paused at a fault"
		fi
		"$@"
		[ "$status" = - ] || ended "$status"
		until_ok is_free || fail "$name in $motion: $(grep -E 'State|Tracer' /proc/"$target"/status)"
		before=$(cpu_time)
		until_ok works || fail "$name in $motion: it stands still"
	done
	echo "ok: $name"
}

signal() {
	kill -"$1" "$(pagescape_pid)"
}

until_ok grep -q ready "$work/said" || fail "no target"
try q 0 keys q
try Ctrl-C 0 keys C-c
try SIGTERM 143 signal TERM
try SIGHUP 129 signal HUP
try SIGQUIT 131 signal QUIT # like all signals that end us and can wait
try SIGILL 132 signal ILL   # like all that cannot
try SIGKILL - signal KILL # what becomes of the terminal is in signals.sh
try "a closed terminal" - t kill-server

# while pagescape is stopped, nothing goes on; continued, it does
run 100 30 "$PAGESCAPE" -p "$target"
see "F1 help"
keys s
see "paused at a fault"
pid=$(pagescape_pid)
kill -STOP "$pid"
before=$(cpu_time)
grep -q "^State:.*t (tracing stop)" /proc/"$target"/status || fail "it is not stopped"
kill -CONT "$pid"
keys G
see "it is running"
until_ok works || fail "it stands still"
keys q
ended 0
echo "ok: stopped and continued"
