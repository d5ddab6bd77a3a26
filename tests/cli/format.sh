#!/bin/bash
# The session file is as its manual describes it: a reader written from that page alone finds
# the same faults as ours, with their times, threads and stacks.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
for tool in python3 zstd; do
	command -v "$tool" >/dev/null || { echo "ok - format # SKIP $tool is not installed"; exit 77; }
done

# shellcheck disable=SC2016 # the inner bash expands it
"$PAGESCAPE" record -o "$dir/session" bash -c 'x=$(printf "%0300000d" 1); exec bash -c true' >/dev/null || fail 'record'
python3 "$SRCDIR/session/reader.py" "$dir/session" >"$dir/theirs" || fail 'the reader'
"$PAGESCAPE" export jsonl "$dir/session" >"$dir/jsonl" || fail 'the export'
<"$dir/jsonl" python3 -c '
import json, sys
for line in sys.stdin:
    e = json.loads(line, parse_float=str)
    if e.get("event") != "fault":
        continue
    whole, _, rest = str(e["time"]).partition(".")
    stack = [f["ip"] for f in e.get("stack", []) if not f.get("inlined")]
    print(int(whole + rest.ljust(9, "0")), e["pid"], e["tid"], e["address"], e["ip"], int(e["kind"] == "major"), *stack)
' >"$dir/ours" || fail 'what is exported'
if [ ! -s "$dir/ours" ] && grep -q '"event": "source", .*"faults", .*"ok": false' "$dir/jsonl"; then
	echo "ok - format # SKIP faults cannot be seen here"
	exit 77
fi
[ -s "$dir/ours" ] || fail 'no fault was exported'
diff "$dir/theirs" "$dir/ours" >"$dir/differ" || fail "they differ: $(head -n 4 "$dir/differ")"
[ "$failed" = 0 ] && echo "ok - a reader made from the manual finds $(wc -l <"$dir/ours") faults as ours does"
exit "$failed"
