#!/bin/bash
# live/reclaimed with swap, where root may switch it on for the time of the test, and again as nobody; and what the verdict
# says of the machine's swap is what /proc/meminfo says beside it, before and while there is such swap.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"

swap=
undo() {
	[ -z "$swap" ] || swapoff "$swap"
	finish
}
trap undo EXIT
status=0

# Bytes: all swap space, and what of it is free.
of_meminfo() {
	awk '/^SwapTotal:/ { all = $2 } /^SwapFree:/ { free = $2 } END { print all * 1024, free * 1024 }' /proc/meminfo
}
of_verdict() {
	"$PAGESCAPE" why --json -p $$ >"$work/why" 2>"$work/why.err" || cat "$work/why.err"
	sed -nE 's/.*"machine_swap(_free)?": ([0-9]+).*/\2/p' "$work/why" | paste -sd' '
}

# same_swap NAME: others may swap meanwhile, so both are read until nothing has moved between two readings of meminfo
same_swap() {
	local before says after
	for try in {1..100}; do
		before=$(of_meminfo) says=$(of_verdict) after=$(of_meminfo)
		[ "$before" != "$after" ] || break
	done
	if [ "$before" != "$after" ]; then
		echo "ok - $1 # SKIP it moved in each of $try readings"
	elif [ "$says" = "$before" ]; then
		echo "ok - $1: $says"
	else
		echo "not ok - $1: $says, meminfo has $before"
		status=1
	fi
}
same_swap 'all swap and what is free of it, as the machine is'

if [ "$(id -u)" = 0 ] && [ "$(wc -l </proc/swaps)" = 1 ]; then
	swap=$work/swap
	if ! { dd if=/dev/zero of="$swap" bs=1M count=32 status=none && chmod 600 "$swap" &&
		mkswap -q "$swap" && swapon "$swap"; } >"$work/swap.log" 2>&1; then
		echo "# no swap: $(tail -1 "$work/swap.log")"
		swap=
	fi
fi
if [ -n "$swap" ]; then
	# something is in it: 8 MiB of one process
	mkfifo "$work/swapped"
	python3 -c 'import mmap, signal
m = mmap.mmap(-1, 8 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for page in range(0, 8 << 20, 4096):
    m[page] = 1
m.madvise(21)
print("out", flush=True)
signal.pause()' >"$work/swapped" 2>"$work/swapped.err" &
	started+=($!)
	read -r -t 60 out <"$work/swapped" || out=
	read -r all free <<<"$(of_meminfo)"
	if [ "$out" = out ] && [ "$free" -lt "$all" ]; then
		same_swap 'all swap and what is free of it, some being used'
	else
		echo "# nothing went to swap: of $all bytes $free are free; $(tail -1 "$work/swapped.err")"
	fi
	kill -KILL "${started[@]}" 2>/dev/null
	wait "${started[@]}" 2>/dev/null
	started=()
fi
"$BUILDDIR/live/reclaimed" || status=1
if as_nobody true; then
	TMPDIR=$work/nobody as_nobody "$BUILDDIR/live/reclaimed" || status=1
else
	echo "# not as nobody: we are not root, or nobody cannot enter $BUILDDIR"
fi
exit $status
