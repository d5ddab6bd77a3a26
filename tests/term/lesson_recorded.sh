#!/bin/bash
# A lecture from a recording: the same slides, where nothing is run; it says so, and asks as it did live.
# shellcheck source=tests/term/term.sh
. "$SRCDIR/term/term.sh"

export LC_ALL=C.UTF-8 XDG_STATE_HOME=$work/state
"$PAGESCAPE" lesson --check --allow-unknown -o "$work/promise" promise >/dev/null || fail "the lesson could not be recorded"
run 100 32 "$PAGESCAPE" lesson "$work/promise"
see "A program that wants memory"
see "recorded"
keys NPage
see "How many of the 64 pages are in memory now?" # asked before it is shown
keys 0
keys Enter
see "What did the program get, then?"
keys Enter
see "score 1/1"
keys q
keys q
ended 0
echo "ok: a recorded lesson is given on the screen, with its questions"

run 100 32 "$PAGESCAPE" lesson --no-questions "$work/promise"
see "1/6"
for step in 2 3 4 5 6; do
	keys NPage
	see "$step/6"
done
keys PPage
see "5/6"
keys e
see "this is a recording"
keys q
keys q
ended 0
echo "ok: on to its end, and back"

# followed and resumed as a live one, from wherever that is
cd "$work" || exit 99
run 100 32 "cd $work && $PAGESCAPE lesson --no-questions ./promise"
see "1/6.* recorded"
t split-window -h "$PAGESCAPE" lesson --notes
t select-pane -L
notes_have() { t capture-pane -p -t "{right}" | grep -q "$1"; }
until_ok notes_have "step 1 of 6" || fail "no notes: $(t capture-pane -p -t '{right}')"
keys NPage
until_ok notes_have "step 2 of 6" || fail "the notes do not follow: $(t capture-pane -p -t '{right}')"
keys NPage
until_ok notes_have "step 3 of 6" || fail "the notes do not follow: $(t capture-pane -p -t '{right}')"
keys q q
until_ok notes_have "lecture was left" || fail "the notes do not see the end"
run 100 32 "cd / && $PAGESCAPE lesson --resume --no-questions"
see "3/6.* recorded"
keys NPage
see "4/6.* recorded"
keys PPage PPage PPage
see "1/6.* recorded"
keys q q
ended 0
echo "ok: a recorded lesson is followed by the notes, and resumed"

# frames are written when they are a second old, at the next event
cd / || exit 99
run 80 24 "cd / && $PAGESCAPE lesson --no-questions -o $work/killed promise"
see "1/6"
for step in 2 3 4; do
	sleep 1.1 # the age of a frame, not for anything to come
	keys NPage
	see "$step/6"
done
kill -KILL "$(pagescape_pid)"
until_ok test -e "$work/status"
[ "$(cat "$work/status")" = 137 ] || fail "ended with $(cat "$work/status")"
run 80 24 "$PAGESCAPE" lesson --no-questions "$work/killed"
see "1/6.* recorded"
keys NPage
see "2/6"
on_to_its_end() {
	keys NPage
	screen_has "breaks off"
}
until_ok on_to_its_end || fail "never seen: breaks off"
keys NPage
see "breaks off"
unsee "That was the last step"
keys q q
ended 0
echo "ok: a recording of a lesson that was killed says to its end that it breaks off"
