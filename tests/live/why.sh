#!/bin/bash
# The verdict of a program that knows what it holds: each figure is what it says, and what the kernel says of
# the process while it is stopped. As root, and as nobody.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
: "${PAGESCAPE:?make check sets it}"
trap finish EXIT
status=0

# verdict NAME EXPECTED PID OPTION...: the verdict on a stopped process, against both
verdict() {
	local name=$1 expected=$2 pid=$3
	shift 3
	if "$PAGESCAPE" why --json "$@" -p "$pid" >"$work/json" 2>"$work/err" &&
		"$BUILDDIR/live/check_why" "$expected" "$pid" <"$work/json" >"$work/said"; then
		echo "ok - $name: $(tail -1 "$work/said")"
	else
		echo "not ok - $name: $(head -3 "$work/err")"
		head "$work/said"
		status=1
	fi
}

state_is() { # state_is PID LETTERS
	local line
	read -r line <"/proc/$1/stat" 2>/dev/null || return 1
	line=${line##*) }
	[[ ${line:0:1} == [$2] ]]
}

mkfifo "$work/fifo"
"$BUILDDIR/live/why_target" hold "$work" <"$work/fifo" >"$work/holds" 2>&1 &
target=$!
exec 7>"$work/fifo"
if until_ok grep -q ready "$work/holds" && kill -STOP $target && until_ok state_is $target T; then
	verdict "what a program holds" "$work/holds" $target --read
	grep -q huge "$work/holds" || echo "# no huge pages to be had here: their zeroes were not counted"
	grep -vE 'huge_|malloc_' "$work/holds" >"$work/without"
	verdict "without reading bytes" "$work/without" $target
	"$PAGESCAPE" why --json -p $target | grep -qE '"huge_zero"|"malloc_free"' && {
		echo "not ok - memory is read though nobody asked"
		status=1
	}
	# without the kernel's sums, page states say what they can
	"$PAGESCAPE" why --json --no-smaps -p $target >"$work/json"
	if grep -q '"from": "pages"' "$work/json" && grep -q '"sums": "' "$work/json" && ! grep -q '"pss"' "$work/json"; then
		echo "ok - without smaps what is not known is absent, and the reason is there"
	else
		echo "not ok - without smaps"
		status=1
	fi
else
	echo "not ok - the target did not get ready: $(tail -1 "$work/holds")"
	status=1
fi
kill -KILL $target
wait $target 2>/dev/null
exec 7>&-

# a child that writes to half of what it has from its parent: the table says how much is whose
"$PAGESCAPE" why -f --json "$BUILDDIR/live/why_target" fork >"$work/json" 2>"$work/says" </dev/null
if grep -q '"processes": \[' "$work/json" && "$BUILDDIR/live/check_why" "$work/says" <"$work/json" >"$work/said"; then
	echo "ok - how much of each process is its own: $(tail -1 "$work/said")"
else
	echo "not ok - how much of each process is its own"
	head "$work/said" "$work/says"
	status=1
fi
"$PAGESCAPE" why -f "$BUILDDIR/live/why_target" fork 2>&1 </dev/null | grep -q 'OWN SINCE FORK' || {
	echo "not ok - the table of processes"
	status=1
}

# who made it grow: of a program, and of its recording
if faults_refused "$work/why"; then
	echo "ok - who made it grow # SKIP $(tail -1 "$work/why")"
else
	"$PAGESCAPE" why --json "$BUILDDIR/live/why_target" leak >"$work/json" 2>"$work/says"
	if "$BUILDDIR/live/check_why" "$work/says" <"$work/json" >"$work/said" && grep -q leak_here "$work/says"; then
		echo "ok - who made a program grow: $(tail -1 "$work/said")"
	else
		echo "not ok - who made a program grow"
		head "$work/said"
		status=1
	fi
	# a user who may not see faults within system calls learns that
	hidden=false
	[ "$(id -u)" = 0 ] || [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -lt 2 ] || hidden=true
	if grep -q "\"user_only\": $hidden" "$work/json" && grep -q '"who": "function"' "$work/json"; then
		echo "ok - whether faults within system calls are seen: hidden is $hidden"
	else
		echo "not ok - whether faults within system calls are seen: hidden should be $hidden"
		grep user_only "$work/json"
		status=1
	fi
	"$PAGESCAPE" record -o "$work/session" "$BUILDDIR/live/why_target" leak >"$work/says" 2>"$work/err"
	"$PAGESCAPE" why --json "$work/session" >"$work/json"
	if "$BUILDDIR/live/check_why" "$work/says" <"$work/json" >"$work/said" && grep -q '"from": "sums"' "$work/json"; then
		echo "ok - the same of its recording: $(tail -1 "$work/said")"
	else
		echo "not ok - the same of its recording"
		head "$work/said"
		status=1
	fi
fi

# a program that frees all it had: what is said is of when it was largest, also of its recording
said_of_largest() {
	"$BUILDDIR/live/check_why" "$work/expected" <"$1" >"$work/said" &&
		grep -q '"resident_at_end": ' "$1" && grep -q '"ended": true' "$1" && grep -q '"program-break"\|"glibc-main-arena"' "$1"
}
printf '%s\n' 'rss >= 10000000' 'owners[glibc-main-arena].resident >= 10000000' >"$work/expected"
faults_refused "$work/why" || printf '%s\n' 'growth.functions[0].name is cache_insert' >>"$work/expected"
"$PAGESCAPE" record -o "$work/frees" "$BUILDDIR/live/why_target" frees >"$work/says" 2>"$work/err"
"$PAGESCAPE" why --json "$work/frees" >"$work/json"
"$PAGESCAPE" why --json "$BUILDDIR/live/why_target" frees >"$work/live" 2>"$work/says"
if said_of_largest "$work/live" && said_of_largest "$work/json" && "$PAGESCAPE" why "$work/frees" | tr '\n' ' ' |
	grep -q 'resident: this is the largest look at it' && ! "$PAGESCAPE" why --at 100 "$work/frees" 2>/dev/null | grep -q largest; then
	echo "ok - what a program had that freed it: $(tail -1 "$work/said")"
else
	echo "not ok - what a program had that freed it"
	cat "$work/said"
	status=1
fi

if [ "$(id -u)" != 0 ]; then
	exit $status
fi
if as_nobody test -r "$0"; then
	as_nobody env PATH=/usr/bin:/bin TMPDIR="$work/nobody" bash "$0" | sed 's/^\(not \)\?ok - /&nobody: /'
	[ "${PIPESTATUS[0]}" = 0 ] || status=1
else
	echo "ok - all as nobody # SKIP nobody cannot enter $SRCDIR or $BUILDDIR"
fi
exit $status
