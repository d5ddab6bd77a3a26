#!/bin/bash
# A lecture from a recording: the same slides, where nothing is run; it says so, and asks as it did live.
#
# Time limit: 900 s
# (without debug registers each stop of a lesson is reached in single steps)
# shellcheck source=tests/term/term.sh
. "$SRCDIR/term/term.sh"

export LC_ALL=C.UTF-8 XDG_STATE_HOME=$work/state
"$PAGESCAPE" lesson --check --allow-unknown -o "$work/promise" promise >/dev/null || fail "the lesson could not be recorded"
run 100 32 "$PAGESCAPE" lesson "$work/promise"
see "A program that wants memory"
see "recorded"
keys NPage
see "How many of the 64 pages are in memory then?" # asked before it is shown
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

# of a folder, with a file that only its name calls a session
mkdir "$work/folder"
cp "$work/promise" "$work/folder/01.pgs"
echo text >"$work/folder/02.pgs"
run 100 32 "$PAGESCAPE" lesson --no-questions "$work/folder"
see "1 recording is left out"
keys NPage
see "2/6"
keys q q
ended 0
echo "ok: what is left out is said on the screen"

# --check says where a terminal is what it waits for
mkdir "$work/forever"
printf '#include <unistd.h>\nint main(void)\n{\n\tpause();\n\treturn 0;\n}\n' >"$work/forever/forever.c"
printf 'title: F\nabout: A\n\n== start\ntitle: One\n\n== end\ntitle: Two\n' >"$work/forever/en.lesson"
run 100 32 "$PAGESCAPE" lesson --check "$work/forever"
see "waiting for step 2 of 2: end"
echo "ok: lesson --check says which step it waits for"

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

# several lessons in a folder are one lecture: contents, notes, score and clock run through it, and go on
mkdir "$work/lecture"
mv "$work/promise" "$work/lecture/01-promise.pgs"
"$PAGESCAPE" lesson --check --allow-unknown -o "$work/lecture/02-calloc.pgs" calloc >/dev/null || fail "the lesson could not be recorded"
run 100 32 "cd $work && $PAGESCAPE lesson lecture"
see "1/6.* recorded"
keys NPage 0 Enter Enter
see "score 1/1.* recorded"
keys NPage 9 Enter Enter
see "3/6"
see "score 1/2"
t split-window -h "$PAGESCAPE" lesson --notes
t select-pane -L
until_ok notes_have "step 3 of 6" || fail "no notes: $(t capture-pane -p -t '{right}')"
keys c
see "calloc +malloc returns"
keys Down Down Down Down Down Enter # the second step of the second lesson
see "2/5.* recorded"
see "score 1/2"
until_ok notes_have "step 2 of 5" || fail "the notes do not follow: $(t capture-pane -p -t '{right}')"
t kill-pane -t "{right}"
keys PPage PPage
see "6/6.* recorded"
keys NPage NPage
see "2/5"
began=$(sed -n 's/.*"began": //p' "$XDG_STATE_HOME/pagescape/lecture.json")
at=$(sed -n 's/.*"at": //p' "$XDG_STATE_HOME/pagescape/lecture.json")
keys q q
ended 0
# as if it had been left an hour ago
sed -i "s/\"began\": .*/\"began\": $((${began%,} - 3600)),/; s/\"at\": .*/\"at\": $((${at%,} - 3590)),/" "$XDG_STATE_HOME/pagescape/lecture.json"
run 100 32 "cd / && $PAGESCAPE lesson --resume"
see "2/5.* recorded"
see "score 1/2"
t split-window -h "$PAGESCAPE" lesson --notes
t select-pane -L
until_ok notes_have "score 1/2" || fail "no score: $(t capture-pane -p -t '{right}')"
resumed=$(sed -n 's/.*"began": //p' "$XDG_STATE_HOME/pagescape/lecture.json")
now=$(date +%s)
passed=$((now - ${resumed%,}))
[ "$passed" -ge 10 ] && [ "$passed" -lt 300 ] || fail "the clock is at $passed seconds"
t kill-pane -t "{right}"
keys Home
see "1/6"
keys NPage v 1 Enter # an answer that is given again counts once
see "score 0/2"
keys q q
ended 0
echo "ok: several recordings are one lecture, which goes on with its score and its clock"

run 100 32 "cd / && HOME=/proc/nowhere XDG_STATE_HOME=/proc/nowhere $PAGESCAPE lesson --no-questions $work/lecture"
see "notes and --resume will not work: cannot write into /proc/nowhere"
keys NPage
see "2/6"
unsee "will not work"
keys q q
ended 0
echo "ok: where its place cannot be kept it says so"

# killed before anything was shown of its first step but the question
run 80 24 "cd / && $PAGESCAPE lesson -o $work/at_once promise"
see "1/6"
kill -KILL "$(pagescape_pid)"
until_ok test -e "$work/status"
run 80 24 "$PAGESCAPE" lesson --no-questions "$work/at_once"
see "1/6.* recorded"
keys NPage
see "breaks off"
keys q q
ended 0
echo "ok: of a recording that was killed in its first second the first step is there"

cd / || exit 99
run 80 24 "cd / && $PAGESCAPE lesson --no-questions -o $work/killed promise"
see "1/6"
for step in 2 3 4; do
	keys NPage
	see "$step/6"
done
kill -KILL "$(pagescape_pid)"
until_ok test -e "$work/status"
[ "$(cat "$work/status")" = 137 ] || fail "ended with $(cat "$work/status")"
run 80 24 "$PAGESCAPE" lesson --no-questions "$work/killed"
see "1/6.* recorded"
for step in 2 3 4; do
	keys NPage
	see "$step/6"
done
keys NPage
see "breaks off"
keys NPage
seen "breaks off"
unsee "That was the last step"
keys q q
ended 0
echo "ok: a recording of a lesson that was killed says to its end that it breaks off"
