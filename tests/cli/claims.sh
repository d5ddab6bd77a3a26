#!/bin/bash
# Small sessions that claim much (cli/make_claims.c): commands end soon, need little memory, and print in one line
# where they stopped reading. `make check-claims` tries all kinds in every way; here are those that were slow once.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
nm "$PAGESCAPE" 2>/dev/null | grep -q __asan_init && { echo "skipped: a sanitizer uses memory of its own"; exit 77; }
status=0

# claims WAYS KIND...: processor time with room, as an unoptimised build takes five times as long as a release
claims()
{
	local ways=$1
	shift
	PYTHONDONTWRITEBYTECODE=1 python3 "$SRCDIR/cli/claims.py" "$PAGESCAPE" "$BUILDDIR/cli/make_claims" "$SRCDIR/session/v1.pgs" \
		--seconds 25 --kinds "$(IFS=,; echo "$*")" --ways "$ways" || status=1
}

claims snapshot:json,replay,diff,sqlite runs paths processes output empty
claims asciicast,html,screen:processes processes
claims asciicast paths maps family
claims jsonl,sqlite stacks
claims sqlite changes
claims jsonl threads
claims perfetto processes-ended
claims screen:processes family
exit $status
