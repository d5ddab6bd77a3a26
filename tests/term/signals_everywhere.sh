# shellcheck shell=bash disable=SC2154 # work and target are of term.sh
# A signal that ends us gives the terminal back also in a prompt, a recording, a lesson, the list of processes, two side
# by side, while the process is stepped, and with a program that was launched; nothing that was watched is left stopped.
# Each signal in one of these, the next in the next; with SIGNALS_EVERYWHERE=1 each in all.
. "$SRCDIR/term/term.sh"
ulimit -c 0
export XDG_STATE_HOME=$work/state PAGESCAPE_LESSONS=$BUILDDIR/../data/lessons

# as in signals.sh
harmless=" CHLD CONT URG WINCH STOP TSTP TTIN TTOU KILL 32 33 XFSZ "
ways=(prompt replay lesson list beside launched)

"$PAGESCAPE" record -o "$work/session" bash -c 'sleep 0.1' >/dev/null || fail "nothing is recorded"
"$PAGESCAPE" lesson --check --allow-unknown -o "$work/promise" promise >/dev/null || fail "the lesson could not be recorded"
start_target
if faults_refused "$work/out"; then
	echo "# not while it is stepped: $(head -1 "$work/out")"
else
	ways+=(step slow)
	"$BUILDDIR/live/step_target" forever >"$work/said" &
	stepped=$!
	disown
	trap 'kill -KILL $stepped; cleanup' EXIT
	until_ok grep -q ready "$work/said" || fail "no target"
fi

# enter WAY: until it is shown; $watched must live on afterwards
enter() {
	watched=$target
	case $1 in
	prompt) run 100 30 "$PAGESCAPE" -p "$target" && seen "F1 help" && keys : && see "^ :" ;;
	replay) run 100 30 "$PAGESCAPE" replay "$work/session" && seen "REGIONS" ;;
	lesson) run 80 24 "$PAGESCAPE" lesson "$work/promise" && seen "A program that wants memory" ;;
	list) run 100 30 "$PAGESCAPE" && seen "choose what to watch" ;;
	beside) run 120 30 "$PAGESCAPE" diff --screen "$work/session" "$work/session" && seen "REGIONS|F1 help" ;;
	launched) run 100 30 "$PAGESCAPE" sleep 1000 && seen "F1 help" ;;
	step | slow)
		watched=$stepped
		run 100 30 "$PAGESCAPE" -p "$stepped"
		seen "F1 help"
		if [ "$1" = step ]; then
			keys -l sss
		else
			keys w
			see "faults per second, at most:"
			keys -l 200
			keys Enter
		fi
		see "paused at a fault"
		;;
	esac
}

is_well() {
	grep -q "TracerPid:.*	0" "/proc/$watched/status" && ps -o stat= -p "$watched" | grep -q '^[RS]'
}

try() {
	local name=$1 number=$2 way=$3
	enter "$way"
	kill -"$number" "$(pagescape_pid)" || fail "SIG$name in $way: it does not run"
	ended $((128 + number))
	until_ok is_well || fail "SIG$name in $way: $(grep -E 'State|Tracer' "/proc/$watched/status")"
}

turn=0
for number in $(seq 1 64); do
	name=$(kill -l "$number" 2>/dev/null)
	name=${name:-$number}
	case $harmless in *" $name "*) continue ;; esac
	tried=("${ways[turn++ % ${#ways[@]}]}")
	[ -z "${SIGNALS_EVERYWHERE:-}" ] || tried=("${ways[@]}")
	for way in "${tried[@]}"; do
		try "$name" "$number" "$way"
	done
	echo "ok: SIG$name in ${tried[*]}"
done
