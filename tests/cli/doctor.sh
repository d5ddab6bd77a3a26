#!/bin/bash
# doctor: fits 80 columns, says the same in JSON, and is right where that can be
# checked from here.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
export LC_ALL=C.UTF-8
failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

fail()
{
	echo "FAILED: $*"
	failed=1
}

# says STATUS NAME JSON [GROUP]: the status of a finding, of a source of ourselves without a group
says()
{
	tr -d '\n' <<<"$3" | grep -q "\"${4-self}\": {.*\"$2\": { *\"status\": \"$1\"" || fail "$2 is not $1: $3"
}

# as_it_should PARANOID ROOT JSON: whether faults can be seen, by the rule that the kernel documents
as_it_should()
{
	local user=denied kernel=denied stacks=denied step=denied
	{ [ "$1" -le 2 ] || [ "$2" = root ]; } && user=ok stacks=ok step=partial
	{ [ "$1" -le 1 ] || [ "$2" = root ]; } && kernel=ok step=ok
	[ "$(uname -m)" = x86_64 ] || stacks=missing
	says "$user" faults_user "$3" events
	says "$kernel" faults_kernel "$3" events
	says "$stacks" stacks "$3" events
	says "$step" step_faults "$3" stepping
	says ok ptrace_launched "$3" stepping
	says '\(ok\|partial\)' step_lines "$3" stepping
	grep -q '"tracers_inside": "strace and gdb ' <<<"$3" || fail "nothing of strace and gdb: $3"
}

"$PAGESCAPE" doctor >"$out" || fail "status $?"
[ "$(wc -L <"$out")" -le 80 ] || fail 'wider than 80 columns'
grep -q '✓ maps ' "$out" || fail 'maps is not ok'
"$PAGESCAPE" doctor --ascii >"$out" || fail "--ascii: status $?"
LC_ALL=C grep -n '[^ -~]' "$out" && fail '--ascii is not ASCII'
LC_ALL=C "$PAGESCAPE" doctor | LC_ALL=C grep -n '[^ -~]' && fail 'in the C locale it is not ASCII'

json=$("$PAGESCAPE" doctor --json) || fail "--json: status $?"
grep -q '"schema": "pagescape.doctor/1"' <<<"$json" || fail 'no schema'
grep -q "\"page_size\": $(getconf PAGESIZE)" <<<"$json" || fail 'another page size'
grep -q "\"user_id\": $(id -u)" <<<"$json" || fail 'another user'
grep -q 'recording it adds: 0\.0\|stack: 0\.0' <<<"$json" && fail 'a cost that was not measured is 0.0'
says ok maps "$json"
says ok pagemap "$json"
says off pagemap "$("$PAGESCAPE" doctor --json --no-pagemap)"
for source in faults_user stacks access; do
	says off "$source" "$("$PAGESCAPE" doctor --json "--no-${source%_user}")" events
done
paranoid=$(cat /proc/sys/kernel/perf_event_paranoid 2>/dev/null) || paranoid=
# some kernels have more levels: Debian's 3 and higher
mine=$([ "$(id -u)" = 0 ] && echo root)
[ -z "$paranoid" ] || as_it_should "$paranoid" "$mine" "$json"
yama=$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)
case $yama:$mine in
0:* | [12]:root) says ok ptrace_attached "$json" stepping ;;
*) says denied ptrace_attached "$json" stepping ;;
esac

# the access of a fault comes from tracefs: if none is mounted, root mounts its own
if [ "$mine" = root ] && unshare -m true 2>/dev/null; then
	tracefs=/sys/kernel/tracing
	hide="mount -t tmpfs none $tracefs && { [ ! -d /sys/kernel/debug ] || mount -t tmpfs none /sys/kernel/debug; }"
	if unshare -m sh -c "mount -t tracefs none $tracefs && [ -e $tracefs/events/exceptions ]" 2>/dev/null; then
		says ok access "$(unshare -m sh -c "$hide && \"$PAGESCAPE\" doctor --json")" events
		says ok access "$(unshare -m sh -c "mount -t tracefs none $tracefs; \"$PAGESCAPE\" doctor --json")" events
	fi
fi

# debug information is counted: one file less if pagescape itself has none
debug_files()
{
	"$1" doctor --json | grep -oE '[0-9]+ of [0-9]+ files of code' | cut -d ' ' -f 1
}
stripped=$(mktemp)
if command -v strip >/dev/null && strip -o "$stripped" "$PAGESCAPE" && chmod 755 "$stripped"; then
	before=$(debug_files "$PAGESCAPE")
	after=$(debug_files "$stripped")
	[ -z "$before" ] || [ "$((before - 1))" = "${after:-0}" ] || fail "$before files with debug information, stripped $after"
fi
rm -f "$stripped"

sleep 1000 &
"$PAGESCAPE" doctor --json -p $! | grep -q '"process": {' || fail '-p'
kill $!

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	copy=$(mktemp)
	cp "$PAGESCAPE" "$copy" && chmod 755 "$copy"
	as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	json=$("${as_nobody[@]}" "$copy" doctor --json) || fail "nobody: status $?"
	says ok pagemap "$json"
	says denied frames "$json"
	[ -z "$paranoid" ] || as_it_should "$paranoid" nobody "$json"
	grep -q '"capabilities": "none"' <<<"$json" || fail 'nobody has capabilities'
	"${as_nobody[@]}" "$copy" doctor -p 1 >"$out" || fail "nobody on process 1: status $?"
	sed -n '/process 1$/,$p' "$out" | grep -q '✗ maps ' || fail 'nobody sees the maps of process 1'
	grep -q 'sudo' "$out" || fail 'does not say what would help'
	rm -f "$copy"
fi
exit $failed
