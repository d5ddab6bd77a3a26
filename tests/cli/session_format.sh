#!/bin/bash
# A reader written from the manual page alone understands every byte of a session.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}"
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
command -v zstd >/dev/null || { echo "skipped: zstd is not installed"; exit 77; }
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
failed=0

fail() {
	echo "FAILED: $*"
	failed=1
}

read_session() {
	python3 "$SRCDIR/session/read_session.py" "$1" >"$dir/read" 2>"$dir/err" || fail "$1: $(cat "$dir/err")"
}

# as many regions are mapped as pagescape itself prints
same_maps() {
	"$PAGESCAPE" replay "$1" >"$dir/lines" || fail "$1: replay"
	[ "$(grep -c '^map ' "$dir/read")" -eq "$(grep -cE '^[0-9:.]+ [0-9]+ map ' "$dir/lines")" ] ||
		fail "$1: its regions differ from those of replay"
}

read_session "$SRCDIR/session/v1.pgs"
same_maps "$SRCDIR/session/v1.pgs"

read_session "$SRCDIR/session/v1-whole.pgs"
same_maps "$SRCDIR/session/v1-whole.pgs"
for what in faults symbol lines call stop thread output mark; do
	grep -q "^$what: " "$dir/read" || fail "no $what in the kept session"
done
for what in past story profile sample mark call symbol; do
	grep -q "^key $what: " "$dir/read" || fail "no $what in the keyframes of the kept session"
done
grep -qx 'notes mark: 1' "$dir/read" || fail "no note in the kept session"

"$PAGESCAPE" record -o "$dir/new" bash -c 'echo here; exec true' >/dev/null || fail record
read_session "$dir/new"
same_maps "$dir/new"
exit $failed
