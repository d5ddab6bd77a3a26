#!/bin/bash
# In a pid namespace with the /proc of the outer one, numbers there mean other processes:
# pagescape says so, and takes none of them for the program.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
evidence=("$work/err")

unshare -p --fork true 2>/dev/null || {
	echo "no pid namespaces here"
	exit 77
}

# refuses NAME WORDS COMMAND...: exit status 1 and these words, and no recording is left
refuses() {
	local name=$1 words=$2
	shift 2
	"$@" >"$work/out" 2>"$work/err" </dev/null
	[ $? = 1 ] && grep -q "$words" "$work/err" && [ ! -e "$work/recording" ] && [ ! -e "$work/nobody/recording" ]
	result $? "$name"
}

strange="/proc belongs to another pid namespace"
refuses "record a program" "$strange" unshare -p --fork "$PAGESCAPE" record -o "$work/recording" sleep 0
refuses "record a process" "$strange" unshare -p --fork "$PAGESCAPE" record -o "$work/recording" -p 1
refuses "snapshot" "$strange" unshare -p --fork "$PAGESCAPE" snapshot -p 1
refuses "children alone are in another one" "needs --fork" unshare -p "$PAGESCAPE" record -o "$work/recording" sleep 0
refuses "faults" "$strange" unshare -p --fork "$PAGESCAPE" faults true
refuses "check" "$strange" unshare -p --fork "$PAGESCAPE" check 'resident > 0' -- true
refuses "doctor" "$strange" unshare -p --fork "$PAGESCAPE" doctor
refuses "why" "$strange" unshare -p --fork "$PAGESCAPE" why true

# a number that is a stranger's outside: of a few that come next, one is taken
own=(python3 -c '
import os, sys
with open("/proc/sys/kernel/ns_last_pid", "w") as last: last.write(str(int(sys.argv[1]) - 1))
sys.exit(os.spawnvp(os.P_WAIT, sys.argv[2], sys.argv[2:]))')
if unshare -p --fork "${own[@]}" 100 true 2>/dev/null; then
	sleep 600 &
	started+=($!)
	for n in 1 2 3; do
		refuses "the number of a stranger, $n before" "$strange" \
			unshare -p --fork "${own[@]}" $(($! - n)) "$PAGESCAPE" record -o "$work/recording" sleep 0
	done
fi

# an ordinary user's, in a user namespace
for as in "" "setpriv --reuid=65534 --regid=65534 --clear-groups"; do
	[ -z "$as" ] || as_nobody true || continue
	folder=$work${as:+/nobody}
	read -ra who <<<"$as unshare -Urpm"
	"${who[@]}" true 2>/dev/null || { echo "ok - in a user namespace # SKIP none can be made here"; continue; }
	refuses "in a user namespace${as:+, nobody}" "$strange" "${who[@]}" --fork "$PAGESCAPE" record -o "$folder/recording" sleep 0
	refuses "children in a user namespace${as:+, nobody}" "needs --fork" "${who[@]}" "$PAGESCAPE" record -o "$folder/recording" sleep 0
	"${who[@]}" --fork --mount-proc "$PAGESCAPE" record --force -o "$folder/own" sleep 0 >"$work/out" 2>"$work/err" </dev/null
	result $? "in a user namespace with a /proc of its own${as:+, nobody}"
done

unshare -p --fork --mount-proc "$PAGESCAPE" record -o "$work/recording" sleep 0 >"$work/out" 2>"$work/err" </dev/null
result $? "with a /proc of its own"
"$PAGESCAPE" snapshot "$work/recording" 2>"$work/err" | grep -q 'sleep'
result $? "with a /proc of its own: the program is recorded"
exit $status
