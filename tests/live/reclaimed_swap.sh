#!/bin/bash
# live/reclaimed with swap, where root may switch it on for the time of the test, and again as nobody.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"

swap=
undo() {
	[ -z "$swap" ] || swapoff "$swap"
	finish
}
trap undo EXIT

if [ "$(id -u)" = 0 ] && [ "$(wc -l </proc/swaps)" = 1 ]; then
	swap=$work/swap
	if ! { dd if=/dev/zero of="$swap" bs=1M count=32 status=none && chmod 600 "$swap" &&
		mkswap -q "$swap" && swapon "$swap"; } >"$work/swap.log" 2>&1; then
		echo "# no swap: $(tail -1 "$work/swap.log")"
		swap=
	fi
fi
"$BUILDDIR/live/reclaimed"
status=$?
if as_nobody true; then
	TMPDIR=$work/nobody as_nobody "$BUILDDIR/live/reclaimed" || status=1
else
	echo "# not as nobody: we are not root, or nobody cannot enter $BUILDDIR"
fi
exit $status
