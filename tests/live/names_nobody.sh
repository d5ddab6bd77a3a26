#!/bin/bash
# live/names again as nobody, who may not open a file that was replaced.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT

if ! as_nobody true; then
	echo "we are not root, or nobody cannot enter $BUILDDIR"
	exit 77
fi
as_nobody "$BUILDDIR/live/names"
