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
	[ $? = 1 ] && grep -q "$words" "$work/err" && [ ! -e "$work/recording" ]
	result $? "$name"
}

strange="/proc belongs to another pid namespace"
refuses "record a program" "$strange" unshare -p --fork "$PAGESCAPE" record -o "$work/recording" sleep 0
refuses "record a process" "$strange" unshare -p --fork "$PAGESCAPE" record -o "$work/recording" -p 1
refuses "snapshot" "$strange" unshare -p --fork "$PAGESCAPE" snapshot -p 1
refuses "children alone are in another one" "needs --fork" unshare -p "$PAGESCAPE" record -o "$work/recording" sleep 0
unshare -p --fork --mount-proc "$PAGESCAPE" record -o "$work/recording" sleep 0 >"$work/out" 2>"$work/err" </dev/null
result $? "with a /proc of its own"
"$PAGESCAPE" snapshot "$work/recording" 2>"$work/err" | grep -q 'sleep'
result $? "with a /proc of its own: the program is recorded"
exit $status
