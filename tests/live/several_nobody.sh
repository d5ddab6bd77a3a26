#!/bin/bash
# live/several, live/sharing and live/physical again as nobody, who may not look into the processes of others.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT

if ! as_nobody true; then
	echo "we are not root, or nobody cannot enter $BUILDDIR"
	exit 77
fi
as_nobody "$BUILDDIR/live/several" && as_nobody "$BUILDDIR/live/sharing" && as_nobody "$BUILDDIR/live/physical"
