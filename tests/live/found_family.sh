#!/bin/bash
# What a process and its children copy of what they share, if all were forked before the watch (-f -p PID): each cause is
# the one that the target knows, or unknown. As root the frames' numbers show nearly all, in one of five runs: the kernel
# may move pages to other frames, which then show nothing.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
status=0
if faults_refused "$work/refused"; then
	echo "ok - a family that was found # SKIP $(tail -1 "$work/refused")"
	exit 77
fi

# run MOST_OPEN [AS]: where AS is the command that runs both
run() {
	local most=$1 dir=$work/nobody pids
	shift
	rm -f "$dir"/*
	"$@" mkfifo "$dir/go"
	"$@" "$python" "$SRCDIR/live/found_family.py" <>"$dir/go" >"$dir/wrote" &
	local target=$!
	until_ok grep -q ready "$dir/wrote" || { echo "# the target does not begin"; return 1; }
	read -ra pids < <(sed -n 's/ready //p' "$dir/wrote")
	"$@" "$PAGESCAPE" faults -f --no-stacks --json -p "${pids[0]}" >"$dir/faults" 2>"$dir/err" &
	local watcher=$!
	watches() {
		printf p >"$dir/go"
		for pid in "${pids[@]}"; do
			grep -q "\"event\": \"fault\".*\"pid\": $pid\\b" "$dir/faults" || return 1
		done
	}
	until_ok watches || { echo "# it does not watch: $(cat "$dir/err")"; kill $target; return 1; }
	printf g >"$dir/go"
	wait $target
	wait $watcher
	sed -i '/ready/d' "$dir/wrote"
	python3 "$SRCDIR/live/found_forks.py" "$dir/wrote" "$dir/faults" "$most"
}

# compare NAME MOST_OPEN [AS]
compare() {
	local name=$1 code
	shift
	for _ in 1 2 3 4 5; do
		run "$@"
		code=$?
		[ $code = 2 ] || break
	done
	result $code "$name"
}

python=python3
root=100
[ "$(id -u)" != 0 ] || root=5
compare "a family that was found" $root env
as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if as_nobody true 2>/dev/null; then
	# one that this user may run
	python=$(type -ap python3 | while read -r at; do ! "${as_user[@]}" "$at" -c '' 2>/dev/null || echo "$at"; done | head -1)
	if [ -n "$python" ]; then
		compare "a family that was found, as nobody" 100 "${as_user[@]}"
	else
		echo "ok - a family that was found, as nobody # SKIP no python3 here that nobody may run"
	fi
fi
exit $status
