#!/bin/bash
# Every page state, made by a target and compared page by page: as the current user, and
# for root also as nobody. As root, with swap and a pool of huge pages if the machine
# lets us have them during the test.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"

swap=
hugetlb=/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
pool=

make_swap() {
	[ "$(wc -l </proc/swaps)" -gt 1 ] && return
	swap=$work/swap
	if ! { dd if=/dev/zero of="$swap" bs=1M count=32 status=none && chmod 600 "$swap" &&
		mkswap -q "$swap" && swapon "$swap"; } >"$work/swap.log" 2>&1; then
		echo "ok - swap file # SKIP $(tail -1 "$work/swap.log")"
		swap=
	fi
}

make_pool() {
	[ -w $hugetlb ] || return
	pool=$(cat $hugetlb)
	echo $((pool + 8)) >$hugetlb
}

undo() {
	[ -z "$swap" ] || swapoff "$swap"
	[ -z "$pool" ] || echo "$pool" >$hugetlb
	finish
}
trap undo EXIT

if [ "$(id -u)" = 0 ]; then
	make_swap
	make_pool
fi
status=0
echo "# as $(id -un)"
"$BUILDDIR/live/check_states" run "$BUILDDIR/live/states" "$work" || status=1
if as_nobody true; then
	echo "# as nobody"
	as_nobody "$BUILDDIR/live/check_states" run "$BUILDDIR/live/states" "$work/nobody" | sed 's/^\(not \)\?ok - /&nobody: /'
	[ "${PIPESTATUS[0]}" = 0 ] || status=1
else
	echo "ok - all states as nobody # SKIP we are not root, or nobody cannot enter $BUILDDIR"
fi
exit $status
