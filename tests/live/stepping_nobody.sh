#!/bin/bash
# live/step and live/family again as nobody, if perf allows it.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT

if ! as_nobody true; then
	echo "we are not root, or nobody cannot enter $BUILDDIR"
	exit 77
fi
as_nobody "$BUILDDIR/live/family" || exit
as_nobody "$BUILDDIR/live/step"
