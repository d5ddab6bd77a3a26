#!/bin/bash
# A lecture from a recording: the same slides, where nothing is run; it says so, and asks as it did live.
# shellcheck source=tests/term/term.sh
. "$SRCDIR/term/term.sh"

export LC_ALL=C.UTF-8
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
