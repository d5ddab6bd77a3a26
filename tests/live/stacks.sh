#!/bin/bash
# The stacks of faults, in programs that print which function called which: position-independent or not,
# static, with frame pointers or without, through a signal handler, a thread, a system call,
# and a library without symbols.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
status=0

for variant in pie nopie static fp; do
	"$BUILDDIR/live/check_stacks" "$work/expected" "$BUILDDIR/live/stacks_$variant" \
		"$work/expected" "$BUILDDIR/live/stacks_library.so" >"$work/out"
	case $? in
	0) ;;
	77)
		cat "$work/out"
		exit 77
		;;
	*) status=1 ;;
	esac
	sed "s/ -/ - $variant:/" "$work/out"
done
exit $status
