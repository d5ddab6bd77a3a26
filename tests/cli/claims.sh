#!/bin/bash
# Small sessions that claim much (cli/make_claims.c): every command ends soon, in little memory, and
# says in one line where it stopped reading.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
