#!/bin/bash
# A session on the screen; and one that is still being recorded.
# shellcheck source=tests/term/term.sh
. "$SRCDIR/term/term.sh"

"$PAGESCAPE" record -o "$work/ended" bash -c 'am=am; echo here I $am; sleep 0.3; exit 3' >/dev/null
[ $? -eq 3 ] || fail "record: not the program's status"
run 100 30 "$PAGESCAPE" replay "$work/ended"
see "ended with status 3"
keys 5
see "here I am"
keys q
ended 0
echo "ok: a program's output and its end; leaving asks nothing"

start_target
"$PAGESCAPE" record -o "$work/stopped" -p "$target" &
recorder=$!
until_ok test -s "$work/stopped" || fail "nothing is recorded"
kill -TERM $recorder
wait $recorder || fail "record: SIGTERM is no success"
kill "$target"
target=
run 100 30 "$PAGESCAPE" replay "$work/stopped"
see "the recording ends here"
keys i
see "this is a recording"
keys Right
unsee "this is a recording"
keys V
see "this is a recording"
keys Y
see "frame numbers are not in a recording"
keys Y
unsee "frame numbers are not in a recording"
keys q
ended 0
echo "ok: nothing can be done to a process that was recorded"

head -c -30 "$work/stopped" >"$work/cut"
run 100 30 "$PAGESCAPE" replay "$work/cut"
see "(breaks off|damaged or truncated) at byte"
keys q
ended 0
echo "ok: where a session breaks off is shown"

run 100 30 "$PAGESCAPE" -o "$work/watched" bash -c "'echo here I am; read line; exit 3'"
see "F1 help"
keys i
see "send:"
keys -l "a line"
keys Enter
see "ended with status 3"
keys q
ended 0
"$PAGESCAPE" replay "$work/watched" >"$work/lines" || fail "what was watched cannot be replayed"
grep -q ' map .* stack ' "$work/lines" || fail "the first picture is not in the session"
grep -q ' exit 3$' "$work/lines" || fail "the end is not in the session"
echo "ok: recorded beside the screen"
