#!/bin/bash
# Lessons on the screen, key by key: one with its questions, one by a clicker's keys only, one back
# and forth with a jump, one in Russian with the speaker's notes; left in the middle and resumed; killed.
#
# Time limit: 900 s
# (without debug registers each stop of a lesson is reached in single steps)
# shellcheck source=tests/term/term.sh
. "$SRCDIR/term/term.sh"
export XDG_STATE_HOME=$work/state PAGESCAPE_LESSONS=$BUILDDIR/../data/lessons

run 80 24 "$PAGESCAPE" lesson promise
see "1/6"
see "A program that wants memory"
keys NPage
see "How many of the 64 pages are in memory then"
keys q
see "q again ends"
keys x Enter
see "A number is asked for"
keys BSpace 5 Enter
see "What did the program get, then"
see "Ctrl-C quit"
keys C-c
see "Ctrl-C again ends"
keys "queues: an address" Enter
see "✘ 5 +the kernel: 0"
see "What did the program get, then" # what is explained below answers it
see "score 0/1"
see "area +anon rw-p +0/64"
keys v
unsee "0/64" # what is asked is not shown
see "How many of the 64 pages"
keys 0 Enter
see "✔ 0 +the kernel: 0"
see "score 1/1"
keys Space
see "How many pages are in memory then"
keys 1 Enter Enter
see "✔ 1"
see "faults here 1: zero-fill"
keys f
see "fault 1 of 1: page 0 of area +write +zero-fill +main"
keys Space Space
see "What does that cost"
keys Down Enter
see "✔ Nothing that the kernel knows of"
keys Space
see "Point at one of them"
keys e
see "first the question"
keys Right Right Right Right Right Right Right Enter
see "✔ page 7 of area"
see "score 4/4"
keys NPage
see "The promise is taken back"
keys NPage
see "That was the last step"
keys q
see "q again ends"
keys q
ended 0
echo "ok: a lesson with all its questions"

# an address taken apart, in both sizes; the window stays while the lecture goes on
run 80 24 "$PAGESCAPE" lesson promise --no-questions
see "1/6"
keys NPage
see "2/6"
keys NPage
see "3/6"
keys a
see "page 0 of area +0x[0-9a-f]+000 +anon"
see "PGD.[0-9]+. .*PTE.[0-9]+. .*offset 0x000"
if [ "$(id -u)" = 0 ]; then see "0x[0-9a-f]+ *│.*"; else see "frame unknown"; fi
keys Right
see "page 1 of area +0x[0-9a-f]+000 +reserved"
see "nothing"
keys NPage
see "4/6"
keys NPage
see "5/6"
see "page 0 of area +0x[0-9a-f]+000 +anon"
keys Escape
unsee "page 0 of area"
keys q q
ended 0
echo "ok: an address taken apart"

# what clickers send: Esc and F5 to begin and end a show, the dot to blank
run 120 36 "$PAGESCAPE" lesson calloc --no-questions
see "1/5"
keys F5 NPage
see "2/5"
see "calloc promises zeroes, and writes none"
keys Escape .
unsee "calloc promises"
keys .
see "calloc promises"
keys NPage
see "3/5.* live"
keys PPage
see "2/5.* recorded"
keys NPage NPage
see "4/5"
keys b
unsee "free and malloc"
keys NPage
see "4/5"
keys NPage
see "5/5"
keys Escape Escape F5 Home
see "1/5.* recorded"
keys q q
ended 0
echo "ok: a lesson by a clicker's keys"

run 100 30 "$PAGESCAPE" lesson munmap
see "How many regions"
keys NPage
see "1/5"
keys c
see "Enter goes there"
see "The sides are as they were"
keys Down Down Enter
see "3/5"
keys o
see "output"
keys Escape PPage
see "2/5.* recorded"
keys End
see "3/5.* live"
keys "?"
see "A clicker works"
keys Escape NPage
see "4/5"
keys NPage
see "What does the program get"
keys 2 Enter
see "✔ A signal that ends it"
see "ended"
unsee "pages resident"
keys e
see "the program has ended"
keys q q
ended 0
echo "ok: a jump, back, and a program that is killed"

run 80 24 "$PAGESCAPE" lesson --no-questions file
see "1/6.* live"
for step in 2 3 4; do
	keys NPage
	see "$step/6.* live"
done
see "content +file r--s +1/2"
keys e
see "e again: evict content"
keys x
unsee "e again"
see "content +file r--s +1/2"
keys e
see "e again: evict content"
keys e
if [ "$(id -u)" = 0 ]; then
	see "1 of 1 page evicted"
	see "content +file r--s +0/2"
else
	see "evicting needs CAP_SYS_NICE \(sudo\)"
	see "content +file r--s +1/2"
fi
keys s
see "s again: write the file of content"
keys s
see "the file is on disk|cannot be found any more" # it was deleted: only root may open it
keys PPage
see "3/6.* recorded"
keys e
see "only at the step where the program"
keys q q
ended 0
echo "ok: a page of a lesson is evicted, once it was confirmed"

run 80 24 "$PAGESCAPE" lesson --lang ru --no-questions fork
see "Один процесс, 32 страницы"
keys NPage
see "Процессов два"
see "a[^ ]* потомок 1 +32/32" # whole, in few columns
t split-window -h "$PAGESCAPE" lesson --notes
t select-pane -L
until_ok test "$(t list-panes | wc -l)" = 2
notes_have() {
	t capture-pane -p -t "{right}" | grep -q "$1"
}
until_ok notes_have "RSS" || fail "no notes: $(t capture-pane -p -t '{right}')"
until_ok notes_have "Потомок пишет" || fail "not what comes next: $(t capture-pane -p -t '{right}')"
keys NPage
until_ok notes_have "Сравнить с уроком" || fail "the notes do not follow: $(t capture-pane -p -t '{right}')"
keys q q
until_ok notes_have "lecture was left; --resume" || fail "the notes do not see the end: $(t capture-pane -p -t '{right}')"
t kill-pane -t "{right}"
ended 0
run 80 24 "$PAGESCAPE" lesson --resume --no-questions
see "3/6.* вживую"
see "Потомок пишет один байт"
keys q q
ended 0
echo "ok: in Russian, with notes that follow; resumed where it was left"

# the notes notice an end that could not be reported to them, and wait for another lecture
run 80 24 "$PAGESCAPE" lesson --no-questions promise
see "1/6"
t split-window -h "$PAGESCAPE" lesson --notes
t select-pane -L
until_ok notes_have "step 1 of 6" || fail "no notes: $(t capture-pane -p -t '{right}')"
kill -KILL "$(pagescape_pid)"
until_ok notes_have "lecture was left; --resume" || fail "the notes do not see the end: $(t capture-pane -p -t '{right}')"
t split-window -v "$PAGESCAPE" lesson --no-questions calloc
until_ok notes_have "step 1 of 5" || fail "the notes do not follow another lecture: $(t capture-pane -p -t '{right}')"
keys C-c C-c # those of calloc, below
# while the question of its first step is asked the notes are those of that step, not of the lecture before
run 80 24 "$PAGESCAPE" lesson munmap
see "How many regions"
t split-window -h "$PAGESCAPE" lesson --notes
t select-pane -L
until_ok notes_have "step 1 of 5" || fail "no notes: $(t capture-pane -p -t '{right}')"
notes_have "its question is being asked" || fail "no question: $(t capture-pane -p -t '{right}')"
keys NPage
until_ok eval '! notes_have "its question is being asked"' || fail "still: $(t capture-pane -p -t '{right}')"
keys q q
until_ok notes_have "lecture was left" || fail "the notes do not see the end: $(t capture-pane -p -t '{right}')"
# of two lectures, when the second ends, they are of the one that still runs
run 80 24 "$PAGESCAPE" lesson --no-questions promise
see "1/6"
t split-window -h "$PAGESCAPE" lesson --no-questions calloc
until_ok grep -q '"steps": 5' "$XDG_STATE_HOME/pagescape/lecture.json" || fail "the second lecture has not begun"
keys q
until_ok eval 't capture-pane -p -t "{right}" | grep -q "its place cannot"' || fail "--resume is promised beside another lecture"
keys q
until_ok grep -q '"steps": 6' "$XDG_STATE_HOME/pagescape/lecture.json" || fail "the notes are not the first lecture's again"
grep -q '"over": false' "$XDG_STATE_HOME/pagescape/lecture.json" || fail "the first lecture has not ended"
alone() {
	[ "$(t list-panes | wc -l)" = 1 ]
}
until_ok alone || fail "the second lecture is still there"
keys q q
ended 0
# in a small window the notes have room, and scroll
run 40 8 "$PAGESCAPE" lesson --notes
see "What was promised.* [0-9]+:[0-9]{2}"
see "Read the six arguments"
see "Down: more"
keys Down
see "a later lesson"
unsee "Read the six arguments"
keys Up
see "Read the six arguments"
keys q
ended 0
# where its place cannot be kept nothing is promised
run 100 24 env XDG_STATE_HOME=/proc/nowhere "$PAGESCAPE" lesson --no-questions promise
see "1/6"
keys q
see "q again ends it; its place cannot be kept: .*/proc/nowhere"
keys q
ended 0
run 80 24 env XDG_STATE_HOME="$work/none" "$PAGESCAPE" lesson --notes
see "No lecture is on"
keys q
ended 0
"$PAGESCAPE" lesson --notes </dev/null >"$work/said" 2>&1
[ $? = 2 ] && grep -q -- "--notes needs a terminal" "$work/said" || fail "notes without a terminal: $(cat "$work/said")"
echo "ok: notes see the lecture end, and another one begin"

run 80 24 "$PAGESCAPE" lesson --no-questions -o "$work/lesson.pgs" promise
see "1/6"
keys NPage
see "2/6"
keys NPage
see "3/6"
keys q q
ended 0
run 80 24 "$PAGESCAPE" lesson "$work/lesson.pgs"
see "1/6.* recorded"
keys NPage 64 Enter Enter
see "✘ 64 +the kernel: 0"
keys NPage NPage
see "3/6.* recorded"
see "area +anon rw-p +1/64"
keys NPage NPage
see "the recording ends here"
keys q q
ended 0
echo "ok: recorded, and given again with its questions"

"$PAGESCAPE" lesson --new "$work/false" >"$work/said" || fail "no new lesson: $(cat "$work/said")"
sed -i '0,/expect: resident of area = 3/s//expect: resident of area = 4/' "$work/false/en.lesson"
run 80 24 "$PAGESCAPE" lesson --no-questions "$work/false"
see "1/2"
keys NPage
see "2/2"
see "does not hold: en.lesson:[0-9]+: resident of area = 4 pages: it is 3 pages"
keys PPage
unsee "does not hold"
keys NPage
see "does not hold"
keys q q
ended 0
echo "ok: the speaker sees that a claim of the step is false"

sed -i '/^show: /a show: heap\nshow: stack\nshow: text\nshow: rodata\nshow: data\nshow: bss\nshow: vdso' "$work/false/en.lesson"
run 80 12 "$PAGESCAPE" lesson --no-questions "$work/false"
see "heap +nothing is mapped there"
see "text +text r-xp"
see "and 4 more places"
keys q q
ended 0
run 40 10 "$PAGESCAPE" lesson --no-questions maps
see "1/5  live"
see "pages need a larger window"
keys q q
ended 0
echo "ok: what a small window has no room for is said"

run 80 24 "$PAGESCAPE" lesson --no-questions stack
see "1/[0-9]"
on_to_its_end() {
	keys NPage
	screen_has " ended *$"
}
until_ok on_to_its_end || fail "the program does not end"
seen "ended"
keys a
see "frame unknown: the process has ended"
unsee "only to root"
keys q q q
ended 0
echo "ok: of a program that has ended nothing is known by a false reason"

run 80 24 "$PAGESCAPE" lesson --all --no-questions
see "1/5"
kill -TERM "$(pagescape_pid)"
ended 143
see "ended with"
left=$(find "${TMPDIR:-/var/tmp}" /tmp -maxdepth 1 -name 'pagescape-lesson*' -newer "$work/before" 2>/dev/null)
[ -z "$left" ] || fail "left behind: $left"
echo "ok: killed in the middle, nothing is left"
