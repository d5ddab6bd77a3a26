#!/bin/bash
# live/names once more as nobody, who may not reach a file that was replaced.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT

if ! as_nobody true; then
	echo "we are not root, or nobody may not come to $BUILDDIR"
	exit 77
fi
as_nobody "$BUILDDIR/live/names"
