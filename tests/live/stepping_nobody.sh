#!/bin/bash
# The tests of stepping, and live/family, again as nobody, if perf allows it.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT

if ! as_nobody true; then
	echo "we are not root, or nobody cannot enter $BUILDDIR"
	exit 77
fi
for test in family step step_calls step_threads step_undisturbed; do
	as_nobody "$BUILDDIR/live/$test" || exit
done
