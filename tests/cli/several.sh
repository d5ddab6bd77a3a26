#!/bin/bash
# Several processes, named one by one, by a cgroup, by their name: snapshot, why, faults, record, lines.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"

# touches: a process that touches memory anew at each line; its pid is in $pid, its lines go to fd $lines
touches()
{
	exec {lines}<> <(:)
	python3 -c "
import sys
keep = []
for line in sys.stdin:
    keep.append(bytearray(300000))" <&"$lines" &
	pid=$!
	pids+=("$pid")
	until_true grep -q python "/proc/$pid/comm"
}

ask()
{
	python3 -c "
import json, sys
d = json.load(open('$dir/json'))
print(($1))"
}

sleep 1000 &
a=$!
sleep 1000 &
b=$!
pids+=("$a" "$b")
until_true grep -q sleep "/proc/$a/comm" "/proc/$b/comm"

"$PAGESCAPE" snapshot -p "$a" -p "$b" --json --pages >"$dir/json" || fail "snapshot -p -p"
[ "$(ask 'd["schema"], d["left_out"], [p["pid"] for p in d["processes"]]')" = \
	"('pagescape.snapshots/1', [], [$a, $b])" ] || fail "snapshot --json of two: $(head -c 300 "$dir/json")"
# each of them is a snapshot that other commands read
ask 'json.dumps(d["processes"][1])' >"$dir/one"
"$PAGESCAPE" diff "$dir/one" "pid:$b" >/dev/null || fail "diff of one of the snapshots"
# both map the same file of the C library, and its pages count once
[ "$(ask 'd["sharing"]["resident"] == sum(sum(r["pages"]) for r in d["sharing"]["rows"]) and
	(d["sharing"].get("once") or d["sharing"]["once_at_most"]) == sum(r["once"] for r in d["sharing"]["rows"]) and
	[r["once"] * 2 == sum(r["pages"]) for r in d["sharing"]["rows"]
	 if r["holders"] == ['"$a, $b"'] and "/libc" in r.get("path", "")][0]')" = True ] ||
	fail "what two hold together: $(ask 'd["sharing"]')"
if [ "$(id -u)" = 0 ]; then
	"$PAGESCAPE" snapshot -p "$a,$b" --json --frames >"$dir/json" || fail "snapshot --frames of two"
	[ "$(ask 'all(any("pfn" in run for r in p["regions"] for run in r["runs"]) for p in d["processes"])')" = True ] ||
		fail "snapshot --json --frames of two: no frames"
fi
"$PAGESCAPE" snapshot -p "$b,$a" >"$dir/text" || fail "snapshot -p B,A"
[ "$(grep -c "^pid " "$dir/text")" = 2 ] && [ "$(head -1 "$dir/text" | cut -d' ' -f2)" = "$b" ] ||
	fail "snapshot of two: $(grep ^pid "$dir/text")"
"$PAGESCAPE" why -p "$a,$b" --json >"$dir/json" || fail "why -p A,B"
[ "$(ask 'd["schema"], [(p["schema"], p["pid"]) for p in d["processes"]], d["forks"]')" = \
	"('pagescape.verdicts/1', [('pagescape.verdict/1', $a), ('pagescape.verdict/1', $b)], [])" ] ||
	fail "why --json of two: $(ask 'd["schema"], [(p["schema"], p["pid"]) for p in d["processes"]], d["forks"]')"
[ "$("$PAGESCAPE" why -p "$a,$b" | grep -c '^In short')" = 2 ] || fail "why of two"

# by name, only those: a copy of sleep of our own
cp "$(command -v sleep)" "$dir/psc-sleeper"
"$dir/psc-sleeper" 1000 &
c=$!
pids+=("$c")
until_true grep -q psc-sleeper "/proc/$c/comm"
[ "$("$PAGESCAPE" snapshot --name '^psc-sl' | grep ^pid)" = "pid $c  $dir/psc-sleeper 1000" ] ||
	fail "snapshot --name: $("$PAGESCAPE" snapshot --name '^psc-sl' | grep ^pid)"

# recording goes on when one has ended, and ends when all have
"$PAGESCAPE" record -o "$dir/session" -p "$a" -p "$c" 2>"$dir/err" &
record=$!
until_true test -s "$dir/session"
kill "$a"
until_true eval '[ -z "$(ps -o pid= -p $a)" ]'
kill -0 $record || fail "recording ended with the first of two: $(cat "$dir/err")"
kill "$c"
wait $record || fail "record of two: $(cat "$dir/err")"
"$PAGESCAPE" export jsonl "$dir/session" >"$dir/events"
for pid in "$a" "$c"; do
	grep "\"pid\": $pid\>" "$dir/events" | grep -q '"exit"\|"zombie"' || fail "the recording has no end of $pid"
done

# faults of both, lines of both
if faults_refused "$dir/why"; then
	echo "skipped: faults ($(cat "$dir/why"))"
else
	touches
	one=$pid one_lines=$lines
	touches
	"$PAGESCAPE" faults -p "$one,$pid" >"$dir/faults" 2>"$dir/err" &
	watcher=$!
	pids+=("$watcher")
	heard()
	{
		echo >&"$one_lines"
		echo >&"$lines"
		grep -q " $one " "$dir/faults" && grep -q " $pid " "$dir/faults"
	}
	until_true heard
	kill -TERM $watcher
	wait $watcher
fi
exit "$failed"
