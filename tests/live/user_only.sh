#!/bin/bash
# Where the kernel gives an ordinary user only the faults in user mode (perf_event_paranoid is 2), those within system calls
# are missing, and the program says so: not that they were lost, nor that there were none. What can be known is known all the same.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
PAGES=256 # which dd has the kernel fill, in read(2)

if ! as_nobody true 2>/dev/null; then
	echo "ok - faults in user mode only # SKIP needs root, and nobody to enter the build folder"
	exit 77
fi
if faults_refused "$work/why" || faults_refused "$work/why" as_nobody; then
	echo "ok - faults in user mode only # SKIP $(tail -1 "$work/why")"
	exit 77
fi
if [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -lt 2 ]; then
	echo "ok - faults in user mode only # SKIP the kernel reports all faults to anybody (perf_event_paranoid)"
	exit 77
fi
evidence=("$work/says" "$work/why")

# watch OUT [AS]: where AS runs it
watch() {
	local out=$1
	shift
	"$@" "$PAGESCAPE" faults --json --no-stacks -- dd if=/dev/zero of=/dev/null bs=$((PAGES * 4096)) count=1 2>"$work/why" >"$out" </dev/null
}
filled() { grep -c '"cause": "zero-fill"' "$1"; }

watch "$work/all"
[ "$(filled "$work/all")" -ge $PAGES ] && tail -1 "$work/all" | grep -q '"user_only": false'
result $? "root has the faults within a system call"
watch "$work/user" as_nobody
tail -1 "$work/user" >"$work/says"
[ "$(grep -c '"event": "fault"' "$work/user")" -ge 20 ] && [ "$(filled "$work/user")" -lt $PAGES ] &&
	grep -q '"lost": 0, "user_only": true' "$work/says"
result $? "an ordinary user has the others, and the summary says so"
# (the kernel's own pages cannot be read by anybody)
[ "$(grep -v '"kind": "vvar"' "$work/user" | grep -c '"cause": "unknown"')" = 0 ]
result $? "each of these has its cause"
as_nobody "$PAGESCAPE" faults --summary true >"$work/says" 2>&1 </dev/null
grep -q ', in user mode only' "$work/says"
result $? "the sums say so, too"
exit $status
