#!/bin/bash
# What a process and the children that it forks copy of what they share, if the children were not held at their
# birth (-f -p PID): each cause is the one that the target knows, or unknown. As root nearly all are known, even if the
# children are gone before they are found: in one of three runs, as a busy machine may look too late.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
status=0
if faults_refused "$work/refused"; then
	echo "ok - forks of a found process # SKIP $(tail -1 "$work/refused")"
	exit 77
fi

# run MOST_OPEN STAYS [AS]: where AS is the command that runs both; as found_forks.py
run() {
	local most=$1 stays=$2 dir=$work/nobody
	shift 2
	rm -f "$dir"/*
	"$@" mkfifo "$dir/go"
	"$@" "$BUILDDIR/live/forking_target" "$stays" <>"$dir/go" >"$dir/wrote" &
	local target=$!
	until_ok grep -q ready "$dir/wrote" || { echo "# the target does not begin"; return 1; }
	"$@" "$PAGESCAPE" faults -f --no-stacks --json -p $target >"$dir/faults" 2>"$dir/err" &
	local watcher=$!
	watches() {
		printf p >"$dir/go"
		grep -q '"fault"' "$dir/faults"
	}
	until_ok watches || { echo "# it does not watch: $(cat "$dir/err")"; kill $target; return 1; }
	printf g >"$dir/go"
	wait $target
	wait $watcher
	python3 "$SRCDIR/live/found_forks.py" "$dir/wrote" "$dir/faults" "$most"
}

# compare NAME MOST_OPEN STAYS [AS]
compare() {
	local name=$1 code
	shift
	for _ in 1 2 3; do
		run "$@"
		code=$?
		[ $code = 2 ] || break
	done
	result $code "$name"
}

root=100
[ "$(id -u)" != 0 ] || root=1
compare "children that are gone at once" $root 0 env
compare "children that stay" $root 300 env
if as_nobody true 2>/dev/null; then
	as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	compare "children that are gone at once, as nobody" 100 0 "${as_user[@]}"
	compare "children that stay, as nobody" 100 300 "${as_user[@]}"
fi
exit $status
