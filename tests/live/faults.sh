#!/bin/bash
# pagescape faults on a target that knows what it touched: each fault is printed once, in order,
# with the right address, kind, access, cause, thread and function. Launched and attached to,
# as we are and as nobody.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
export LC_ALL=C.UTF-8
target=$BUILDDIR/live/faults

# seen OUT: its faults as the target writes them down
seen() {
	# without the processor's codes, whether what was mapped below other memory grew there may not be known
	sed -E 's/, "stack": .*//; s/"cause": "unknown", ("cause_why": "it was not seen whether the region grew)/"cause": "zero-fill", \1/' "$1" |
		sed -nE 's/^\{"event": "fault", .*"tid": ([0-9]+), "address": "(0x[0-9a-f]+)".*"kind": "(m[a-z]+)"(, "access": "([a-z]+)", "access_from": "inferred")?(, "cause": "([a-z-]+)")?.*"symbol": "([a-z_]+)".*/\2 \3 \5 \7 \1 \8/p' |
		sed 's/  / - /g'
}

# same EXPECTED OUT NAME: OUT has the expected faults, and a summary
same() {
	[ "$(wc -l <"$1")" -ge 150 ] && seen "$2" |
		awk 'NR == FNR { want[$1] = 1; next } $1 in want' "$1" - | diff "$1" - >"$work/diff"
	result $? "$3: every fault, in order"
	head -n 20 "$work/diff" | sed 's/^/# /'
	[ ! -s "$work/diff" ] || grep '"cause_why"' "$2" | head -n 4 | sed 's/, "stack": .*//; s/^/# /'
	tail -n 1 "$2" | grep -qE '^\{"event": "summary", "minor": [1-9][0-9]*, "major": [0-9]+(, "neighbours_not_seen": [0-9]+)?, "lost": 0, "user_only": (true|false)\}$'
	result $? "$3: a summary ends it"
	[ -s "$2" ] && [ "$(grep -c '"event": "fault"' "$2")" = "$(($(tail -n 1 "$2" | sed -E 's/.*"minor": ([0-9]+), "major": ([0-9]+).*/\1+\2/')))" ]
	result $? "$3: the summary counts what was printed"
}

# is_ready PID: it has its events, and waits
is_ready() {
	find /proc/"$1"/fd -lname '*perf_event*' | grep -q . && grep -q '^State:.S' /proc/"$1"/status
}

# the last fault that the target wrote down is in the output
all_seen() {
	[ -s "$1/expected" ] && grep -q "$(tail -n 1 "$1/expected" | cut -d ' ' -f 1)" "$1/out"
}

# try NAME DIR COMMAND...: launched and attached to, with COMMAND before each program
try() {
	local name=$1 dir=$2
	shift 2
	"$@" "$PAGESCAPE" faults --json --no-access "$target" "$dir/expected" "$dir/data" >"$dir/out" 2>"$dir/err" </dev/null
	local ended=$?
	if [ $ended = 1 ] && faults_refused "$dir/err" "$@"; then
		echo "ok - $name # SKIP $(cat "$dir/err")"
		return
	fi
	result $ended "$name launched: exit status 0"
	same "$dir/expected" "$dir/out" "$name launched"
	grep -q '^all touched' "$dir/err"
	result $? "$name launched: what the program writes goes to standard error"

	mkfifo "$dir/fifo"
	chmod 666 "$dir/fifo"
	exec 9<>"$dir/fifo"
	rm -f "$dir/expected"
	"$@" "$target" "$dir/expected" "$dir/data" "$dir/fifo" >/dev/null 9>&- &
	local pid=$!
	until_ok eval "ls -l /proc/$pid/fd | grep -q '$dir/fifo'"
	"$@" "$PAGESCAPE" faults --json --no-access -p $pid >"$dir/out" 2>"$dir/err" 9>&- &
	local watch=$!
	until_ok is_ready $watch
	result $? "$name attached: it follows"
	echo >&9
	until_ok all_seen "$dir"
	exec 9>&-
	wait $pid
	wait $watch
	result $? "$name attached: it ends with the process, exit status 0"
	same "$dir/expected" "$dir/out" "$name attached"
}

mkdir "$work/own"
try "as $(id -un)" "$work/own"
if as_nobody true; then
	try "as nobody" "$work/nobody" setpriv --reuid=65534 --regid=65534 --clear-groups
else
	echo "ok - as nobody # SKIP we are not root, or nobody cannot enter $BUILDDIR"
fi

# With tracepoints the kernel reports every access, also where the page does not show it: in shared
# memory. Root reads their numbers in a tracefs of our own where none is mounted.
"$PAGESCAPE" faults --json --no-stacks "$target" "$work/own/expected" "$work/own/data" >"$work/out" 2>"$work/err" </dev/null
ended=$?
if [ "$(id -u)" != 0 ] || faults_refused "$work/err"; then
	echo "ok - with tracepoints # SKIP takes root, and faults that can be seen"
else
	result $ended "with tracepoints: exit status 0"
	[ "$(grep -c '"access_from": "kernel"' "$work/out")" -ge 180 ] && ! grep -q '"access_from": "inferred"' "$work/out"
	result $? "with tracepoints the kernel reports every access"
	sed -i 's/"access_from": "kernel"/"access_from": "inferred"/' "$work/out"
	sed 's/ - shm / write shm /' "$work/own/expected" >"$work/own/access"
	same "$work/own/access" "$work/out" "with tracepoints"
fi

# ran NAME: whether the command before succeeded; skips NAME if faults cannot be seen here
ran() {
	local ended=$?
	if [ $ended = 1 ] && faults_refused "$work/err"; then
		echo "ok - $1 # SKIP $(cat "$work/err")"
		return 1
	fi
	result $ended "$1: exit status 0"
	return $ended
}

lines=0
"$PAGESCAPE" faults /bin/true >"$work/out" 2>"$work/err" </dev/null
if ran "a line a fault"; then
	lines=$(grep -c -E '^[0-9]+\.[0-9]{9} [0-9]+ (minor|major) (read |write|exec |-    ) [a-z-]+ +0x[0-9a-f]{12} ' "$work/out")
	[ "$lines" -ge 20 ] && [ "$(wc -l <"$work/out")" = $((lines + 1)) ]
	result $? "a line a fault, and one for the sum"
fi
if ! command -v script >"$work/script"; then
	echo "ok - in a terminal a line names what the others have # SKIP script is not installed"
elif [ "$lines" -ge 20 ]; then
	script -qec "'$PAGESCAPE' faults /bin/true" /dev/null </dev/null >"$work/terminal" 2>&1
	head -n 1 "$work/terminal" | grep -q '^# time thread kind access cause ' && [ "$(grep -c '^#' "$work/terminal")" = 1 ] &&
		! grep -q '^#' "$work/out"
	result $? "in a terminal a line names what the others have, elsewhere none does"
fi
"$PAGESCAPE" faults --summary "$target" "$work/own/expected" "$work/own/data" >"$work/out" 2>"$work/err" </dev/null
if ran "--summary"; then
	[ "$(awk '$4 == "touch_write" && $5 == "(faults)" { print $2 + $3 }' "$work/out")" = "$(grep -c touch_write "$work/own/expected")" ]
	result $? "--summary counts by function"
	grep -qE "^ +[1-9][0-9]* +[0-9]+ +[0-9]+  $work/own/data\$" "$work/out"
	result $? "--summary counts by file"
	tail -n 1 "$work/out" | grep -qE '^[0-9]+ minor, [0-9]+ major, 0 lost'
	result $? "--summary ends with the sum"
fi
"$PAGESCAPE" faults --stacks --filter 'func:touch_write' "$target" "$work/own/expected" "$work/own/data" \
	>"$work/out" 2>"$work/err" </dev/null
if ran "--stacks"; then
	awk '/ touch_write\+0x/ { n++; getline; found += /^    [a-z_]+(\+0x[0-9a-f]+)? faults.c:[0-9]+ \(faults\)$/ }
		/^    main\+0x/ { through_main = 1 }
		END { exit !(n > 0 && found == n && through_main) }' "$work/out"
	result $? "--stacks prints below each fault how the program got there"
fi
"$PAGESCAPE" faults --no-faults /bin/true >"$work/out" 2>"$work/err" </dev/null
[ $? = 1 ] && [ ! -s "$work/out" ] && grep -q 'cannot be seen here: switched off' "$work/err"
result $? "when switched off it says so"
"$PAGESCAPE" faults >/dev/null 2>&1
[ $? = 2 ]
result $? "no program and no process is wrong usage"
exit $status
