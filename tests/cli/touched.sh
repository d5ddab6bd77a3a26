#!/bin/bash
# diff --touched: how alike two runs are in the pages that they touched, and which pages only one of
# them needs, of a program that touches the pages in its arguments.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
head -c $((64 * 4096)) /dev/urandom >"$dir/data"

# run NAME PAGE...
run()
{
	local name=$1
	shift
	"$PAGESCAPE" record -o "$dir/$name" "$BUILDDIR/cli/toucher" "$dir/data" "$@" >/dev/null 2>"$dir/err" || fail "record: $(cat "$dir/err")"
}

run a 1 2 3 5 20
run b 2 3 5 30 31 32
run same 20 5 3 2 1
if "$PAGESCAPE" diff --touched "$dir/a" "$dir/b" 2>&1 >/dev/null | grep -q 'no page fault was recorded'; then
	echo "page faults are not seen here: $("$PAGESCAPE" doctor 2>&1 | grep -i -A1 'page faults' | head -n 2)"
	exit 77
fi

# line FILE: the figures of a file
line()
{
	awk -v what="$1" '$6 == what { print $1, $2, $3, $4, $5 }' "$dir/out"
}

"$PAGESCAPE" diff --touched --pages "$dir/a" "$dir/b" >"$dir/out" || fail "status $?"
[ "$(line "$dir/data")" = '37.5% 8 3 2 3' ] || fail "a, b: $(cat "$dir/out")"
grep -qE '^ +only A: \+0x1000 1 \+0x14000 1$' "$dir/out" || fail "only A: $(cat "$dir/out")"
grep -qE '^ +only B: \+0x1e000 3$' "$dir/out" || fail "only B: $(cat "$dir/out")"
"$PAGESCAPE" diff --touched "$dir/a" "$dir/same" >"$dir/out" || fail "status $?"
[ "$(line "$dir/data")" = '100.0% 5 5 0 0' ] || fail "a, same: $(cat "$dir/out")"
"$PAGESCAPE" diff --touched --exit-code "$dir/a" "$dir/b" >/dev/null
[ $? -eq 1 ] || fail '--exit-code: they differ'
"$PAGESCAPE" diff --touched --exit-code "$dir/a" "$dir/a" >/dev/null || fail '--exit-code: a and a'

if command -v python3 >/dev/null; then
	"$PAGESCAPE" diff --touched --json --pages "$dir/a" "$dir/b" | python3 -c '
import json, sys
diff = json.load(sys.stdin)
[data] = [r for r in diff["regions"] if r["path"] == sys.argv[1]]
assert diff["schema"] == "pagescape.touched/1", diff
assert (data["either"], data["both"], data["only_a"], data["only_b"], data["alike"]) == (8, 3, 2, 3, 0.375), data
assert data["pages_only_a"] == [{"offset": 4096, "pages": 1}, {"offset": 20 * 4096, "pages": 1}], data
assert data["pages_only_b"] == [{"offset": 30 * 4096, "pages": 3}], data
for key in ("either", "both", "only_a", "only_b"):
    assert diff["all"][key] == sum(r[key] for r in diff["regions"]), key
' "$dir/data" || fail 'json'
else
	echo 'python3 is missing: JSON is not read back'
fi

# the list of pages has the same
"$PAGESCAPE" export pages "$dir/b" | awk -F, -v path="$dir/data" '$1 == path && $3 == "touched" { print $2 / 4096 }' |
	tr '\n' ' ' >"$dir/out"
[ "$(cat "$dir/out")" = '2 3 5 30 31 32 ' ] || fail "export pages: $(cat "$dir/out")"

# wrong PATTERN ARG...
wrong()
{
	local pattern=$1
	shift
	"$PAGESCAPE" diff --touched "$@" >"$dir/out" 2>"$dir/err" && fail "diff --touched $*: success"
	grep -q "$pattern" "$dir/err" && [ ! -s "$dir/out" ] || fail "diff --touched $*: $(cat "$dir/err")"
}
"$PAGESCAPE" snapshot --json --pages "$dir/a" >"$dir/snapshot"
wrong 'not a live process' pid:1 "$dir/a"
wrong 'a snapshot does not say' "$dir/a" "$dir/snapshot"
wrong 'a whole run' "$dir/a@0.1" "$dir/b"
wrong 'are mutually exclusive' --all "$dir/a" "$dir/b"
wrong 'No such file' "$dir/none" "$dir/b"
wrong 'no page fault was recorded' "$dir/a#1" "$dir/b"
exit "$failed"
