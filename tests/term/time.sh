#!/bin/bash
# Moving in time: back and forth in a recording, marks and notes, a recording that still grows.
# shellcheck source=tests/term/term.sh
. "$SRCDIR/term/term.sh"

# once more if the machine was so busy that it wrote its first word late, or ended late
in_time() {
	"$PAGESCAPE" record --force -o "$work/session" bash -c 'echo begun; sleep 0.5; echo done; sleep 0.2; exit 3' >/dev/null
	"$PAGESCAPE" export jsonl "$work/session" -o - |
		awk '/"event": "output"/ && /begun/ { begun = $4 + 0 } /"event": "exit"/ { ended = $4 + 0 } END { exit !(begun && begun < 0.25 && ended < 0.95) }'
}
until_ok in_time || fail "no recording of the time that is wanted"
run 120 34 "$PAGESCAPE" replay "$work/session"
see "ended with status 3"
see "end 00:00.[5-9]"
keys 5
see "^ done"
keys -l ":goto-time 0.3"
keys Enter
see "stopped 00:00.300 of"
see "^ begun"
screen_lacks "^ done" || fail "later output is shown"
keys -l "'"
see "no mark before this"
keys M
see "note:"
keys -l "half way"
keys Enter
see "noted at 00:00.300"
keys t
keys Home
unsee "stopped 00:00.300"
see "stopped 00:00.0"
keys -l '"'
see "mark 00:00.300: half way"
keys d
unsee "stopped 00:00.300"
keys a
keys a
seen "stopped 00:00.[0-2]"
keys g
see "time:"
keys -l "50%"
keys Enter
see "stopped 00:00.[34]"
keys -l "%%%%%%"
see "plays at 1/100 of the original speed"
keys Space
see "replaying .* x1/100"
keys -l "*********"
see "00:00.[0-9]+ x10 " # not its message: that of the end may come right after it
see "end 00:00"
keys -l ":end-program"
keys Enter
see "only a program started here"
keys q
ended 0
echo "ok: to a time, step by step, slower and faster, a note and back to it"

run 80 24 "$PAGESCAPE" replay "$work/session"
see "ended with status 3"
keys -l "'"
see "mark 00:00.300: half way"
keys q
ended 0
"$PAGESCAPE" replay "$work/session" >/dev/null || fail "with a note in it the session is damaged"
echo "ok: the note is in the file"

"$BUILDDIR/live/walker" "$work/count" & # it always changes
target=$!
disown
until_ok test -s "$work/count" || fail "the target does not start"
"$PAGESCAPE" record -o "$work/grows" -p "$target" &
recorder=$!
until_ok test -s "$work/grows" || fail "nothing is recorded"
run 100 30 "$PAGESCAPE" replay "$work/grows"
see "following 00:0[1-9]"
keys t
keys Home
see "replaying 00:0"
keys End
see "following 00:0"
kill -KILL $recorder
wait $recorder 2>/dev/null
see "breaks off at byte"
keys q
ended 0
echo "ok: what still grows is followed until its recorder is gone"

# the recorder and the screen in one pipe: keys come from the terminal
cat >"$work/pipe" <<END
"$PAGESCAPE" record -o - -p $target | "$PAGESCAPE" replay -
END
run 100 30 bash "$work/pipe"
see "following 00:0[1-9]"
keys t
keys Home
see "replaying 00:0"
keys M
keys -l "x"
keys Enter
see "cannot keep notes"
kill "$target"
target=
keys End
see "the process has ended|end 00:"
keys q
ended 0
echo "ok: a pipe is followed, and one can go back in it"

run 100 30 "$PAGESCAPE" -o "$work/marked" bash -c "'echo here I am; read line; exit 3'"
see "F1 help"
keys u
see "only a recording has a time other than now"
keys M
see "note:"
keys -l "while it ran"
keys Enter
see "noted at"
keys i
see "send:"
keys -l "a line"
keys Enter
see "ended with status 3"
keys q
ended 0
"$PAGESCAPE" replay "$work/marked" | grep -q ' mark while it ran$' || fail "the mark is not in the session"
echo "ok: a mark made while recording is recorded"
