#!/bin/bash
# Where something is missing: PAGEMAP_SCAN, perf, kpageflags, CAP_SYS_ADMIN, ptrace, wait4, other users' processes (hidepid),
# rights outside a user namespace. Each is taken away by its option, where there is one, and really, from us and from
# an ordinary user: what needs it says why it is missing, and everything else is as before. README has it as a table.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
evidence=("$work/err" "$work/missing")
target=
trap 'kill $target 2>/dev/null; finish' EXIT
refuse=$BUILDDIR/live/refuse
"$refuse" ptrace -- true || { echo "no filters of system calls here"; exit 77; }

totals() {
	grep -o '"totals": {[^}]*}' "$1" | grep -oE '"[a-z]+": [0-9]+'
}

# The sources that a snapshot lacks, with the reason.
sources() {
	grep -o '"sources": {[^}]*}' "$1" | grep -oE '"[a-z_]+": "[^"]*"' | grep -v ': "ok"'
}

# look NAME "SOURCE..." WHY EXCEPT COMMAND...: of a snapshot by this command just these sources are missing, with this
# reason, and its totals are as before, but for EXCEPT. Files come into the page cache meanwhile, and leave it: then
# both are looked at again
look() {
	local name=$1 lacks=$2 why=$3 except=${4:-none} source
	shift 4
	for try in {1..20}; do
		look_once "$@" && break
		[ "$try" = 20 ] || "${as[@]}" "$PAGESCAPE" snapshot --json -p "$target" >"$work/before"
	done
}
look_once() {
	: >"$work/missing"
	"$@" -p "$target" >"$work/out" 2>"$work/err" </dev/null || { result 1 "$who: $name"; return 0; }
	sources "$work/out" | grep -vxFf "$work/before.sources" >"$work/missing"
	for source in $lacks; do
		grep -q "\"$source\": \"denied: .*$why" "$work/missing" || { result 1 "$who: $name, $source"; return 0; }
	done
	[ "$(wc -l <"$work/missing")" -eq "$(wc -w <<<"$lacks")" ] || { result 1 "$who: $name, and more"; return 0; }
	diff <(totals "$work/before" | grep -vE "$except") <(totals "$work/out" | grep -vE "$except") >"$work/err" || [ "$try" = 20 ] || return 1
	[ ! -s "$work/err" ]
	result $? "$who: $name"
}

# says NAME STATUS WORDS COMMAND...: it ends so, and says this
says() {
	local name=$1 wanted=$2 words=$3
	shift 3
	"$@" >"$work/out" 2>"$work/err" </dev/null
	[ $? -eq "$wanted" ] && { [ -z "$words" ] || grep -q "$words" "$work/out" "$work/err"; }
	result $? "$who: $name"
}

# begin NAME COMMAND...: the user that everything below runs as, and how it looks if nothing is missing
begin() {
	who=$1
	shift
	as=("$@")
	"${as[@]}" sleep 600 &
	target=$!
	until_ok grep -q '^State:.*sleeping' "/proc/$target/status"
	until_ok grep -qx sleep "/proc/$target/comm"
	"${as[@]}" "$PAGESCAPE" snapshot --json -p $target >"$work/before" 2>"$work/err" || result 1 "$who: a snapshot"
	{ sources "$work/before"; echo nothing; } >"$work/before.sources"
}

end() {
	kill $target
	wait $target 2>/dev/null
	target=
}

# what holds for everybody; $1: a folder to write to
try() {
	local folder=$1 except=
	# only a scan tells an ordinary user which pages are the zero page
	"${as[@]}" test -r /proc/kpageflags || except='zero|anon|unknown'
	look "without PAGEMAP_SCAN, by its option" pagemap_scan 'switched off' "$except" \
		"${as[@]}" "$PAGESCAPE" snapshot --json --no-pagemap-scan
	if grep -q '"pagemap_scan": "denied: .*Linux 6.7' "$work/before"; then
		echo "ok - $who: without PAGEMAP_SCAN, as before Linux 6.7 # SKIP all is done without it: this kernel is older"
	else
		look "without PAGEMAP_SCAN, as before Linux 6.7" pagemap_scan 'Linux 6.7' "$except" \
			"${as[@]}" "$refuse" pagemap_scan -- "$PAGESCAPE" snapshot --json
	fi
	if "${as[@]}" test -r /proc/kpageflags; then
		look "without kpageflags, by its option" kpageflags 'switched off' '' "${as[@]}" "$PAGESCAPE" snapshot --json --no-kpageflags
	else
		grep -q '"kpageflags": "denied: ' "$work/before"
		result $? "$who: without kpageflags"
	fi
	look "without ptrace, a running process" '' '' '' "${as[@]}" "$refuse" ptrace -- "$PAGESCAPE" snapshot --json
	says "without ptrace, a program" 1 'cannot trace the program' \
		"${as[@]}" "$refuse" ptrace -- "$PAGESCAPE" record -o "$folder/none" true
	[ ! -e "$folder/none" ]
	result $? "$who: without ptrace, nothing is left"
	says "without wait4, a program" 1 'forbids wait4' \
		"${as[@]}" "$refuse" wait4 -- "$PAGESCAPE" record -o "$folder/none" true
	# a child that stays would keep the pipe open
	"${as[@]}" "$refuse" wait4 -- "$PAGESCAPE" doctor --json 2>&1 </dev/null | timeout "$deadline" cat >"$work/out"
	[ "${PIPESTATUS[1]}" = 0 ] &&
		[ "$(grep -A1 -E '"(ptrace_launched|ptrace_attached|step_lines)"' "$work/out" | grep -c '"denied"')" = 3 ]
	result $? "$who: without wait4, doctor"
	says "without perf, faults" 1 'cannot be seen here' "${as[@]}" "$refuse" perf_event_open -- "$PAGESCAPE" faults true
	says "without perf, a recording" 0 '' "${as[@]}" "$refuse" perf_event_open -- "$PAGESCAPE" record -o "$folder/perf" true
	says "without perf, what is recorded" 0 '"faults": "denied: ' "$PAGESCAPE" snapshot --json "$folder/perf"
	says "without perf, by its option" 0 '"faults": "denied: switched off' \
		bash -c '"$@" && "$0" snapshot --json "'"$folder"'/off"' "$PAGESCAPE" "${as[@]}" "$PAGESCAPE" record --no-faults -o "$folder/off" true
}

begin "$(id -un)"
try "$work"
if [ "$(id -u)" = 0 ]; then
	look "without frame numbers, by an option" frames 'switched off' '' "$PAGESCAPE" snapshot --json --no-frames
	look "without CAP_SYS_ADMIN" frames CAP_SYS_ADMIN '' setpriv --bounding-set -sys_admin "$PAGESCAPE" snapshot --json
	own=$target
fi
if ! as_nobody true; then
	echo "ok - an ordinary user # SKIP we are not root, or nobody cannot enter $BUILDDIR"
	end
	exit $status
fi

begin nobody setpriv --reuid=65534 --regid=65534 --clear-groups
try "$work/nobody"
grep -q '"frames": "denied: [^"]*CAP_SYS_ADMIN' "$work/before"
result $? "$who: without CAP_SYS_ADMIN"
says "another's process" 1 'belongs to user root' "${as[@]}" "$PAGESCAPE" snapshot -p "$own"
if "${as[@]}" unshare -Ur true 2>/dev/null; then
	# of the same user, but a process in a user namespace has no rights outside of it
	says "in a user namespace, a process outside" 1 'may not be inspected' "${as[@]}" unshare -Ur "$PAGESCAPE" snapshot -p "$target"
	if faults_refused "$work/why" "${as[@]}" unshare -Ur; then
		echo "ok - $who: in a user namespace, a program # SKIP $(cat "$work/why")"
	else
		says "in a user namespace, a program" 0 ' 0 lost' "${as[@]}" unshare -Ur "$PAGESCAPE" faults true
	fi
	# shellcheck disable=SC2016 # expanded by that shell
	says "in a user namespace, a process inside" 0 '"pagemap": "ok"' "${as[@]}" unshare -Ur \
		bash -c 'sleep 600 & "$0" snapshot --json -p $!; s=$?; kill $!; exit $s' "$PAGESCAPE"
else
	echo "ok - in a user namespace # SKIP none can be made here"
fi
# shellcheck disable=SC2016 # expanded by that shell
hidden=(unshare -m bash -c 'mount -t proc -o hidepid=2 proc /proc && exec "$@"' bash)
if "${hidden[@]}" true 2>/dev/null; then
	look "with hidepid, a process of one's own" '' '' '' "${hidden[@]}" "${as[@]}" "$PAGESCAPE" snapshot --json
	says "with hidepid, another's" 1 hidepid "${hidden[@]}" "${as[@]}" "$PAGESCAPE" snapshot -p "$own"
	says "with hidepid, a program" 0 '' "${hidden[@]}" "${as[@]}" "$PAGESCAPE" record -o "$work/nobody/hidden" true
else
	echo "ok - hidepid # SKIP /proc cannot be mounted here"
fi
end
kill "$own"
exit $status
