#!/bin/bash
# The whole lecture, from its first step to its last, by one key of a clicker; and killed in the middle of a
# lesson whose program has files: no process of it and no file is left.
#
# Time limit: 900 s
# (without debug registers each stop of a lesson is reached in single steps)
# shellcheck source=tests/term/term.sh
. "$SRCDIR/term/term.sh"
export XDG_STATE_HOME=$work/state PAGESCAPE_LESSONS=$BUILDDIR/../data/lessons

# the title row without the word behind it: "What an address is  3/5"
place() {
	screen | head -1 | grep -oE '^.* [0-9]+/[0-9]+' | sed 's/^ *//; s/  */ /g'
}

# what is on the screen is not what was there before the key any more, and the program has stopped
moved() {
	local now
	now=$(screen)
	[ "$now" != "$before" ] && ! head -1 <<<"$now" | grep -qE 'running *$' && grep -qE 'PgDn (on|skip)|That was the last step' <<<"$now"
}

run 80 24 "$PAGESCAPE" lesson --all
see 'PgDn'
: >"$work/places"
for ((presses = 0; presses < 500; presses++)); do
	place >>"$work/places"
	before=$(screen)
	grep -q 'That was the last step' <<<"$before" && break
	keys NPage
	until_ok moved || fail "PgDn does not go on"
done
seen 'That was the last step'
keys q q
ended 0
# every lesson that this machine can give was given to its last step
count=0
while read -r name; do
	folder=$PAGESCAPE_LESSONS/$name
	steps=$(grep -c '^== ' "$folder/en.lesson")
	title=$(sed -n 's/^title: //p' "$folder/en.lesson" | head -1)
	if "$PAGESCAPE" lesson | grep -A0 "^$name " | grep -q '(needs '; then
		echo "ok: $name # SKIP it needs what this machine lacks"
		continue
	fi
	for ((step = 1; step <= steps; step++)); do
		grep -qxF "$title $step/$steps" "$work/places" || fail "$name: step $step of $steps was not given: $(cat "$work/places")"
	done
	count=$((count + 1))
done <"$PAGESCAPE_LESSONS/order"
[ "$count" -ge 15 ] || fail "only $count lessons"
echo "ok: $count lessons from start to end, with $presses presses of PgDn"

# in the middle of one whose program has copied a program, and runs the copy
run 80 24 "$PAGESCAPE" lesson --no-questions busy
see '1/[0-9]'
pid=$(pagescape_pid)
program=$(pgrep -P "$pid" -x busy)
copy=$(readlink "/proc/$(pgrep -P "$program")/exe")
[ -e "$copy" ] || fail "the program of the lesson has no file: $copy"
kill -KILL "$pid"
until_ok test -e "$work/status"
[ "$(cat "$work/status")" = 137 ] || fail "ended with $(cat "$work/status")"
until_ok eval '! kill -0 $program' || fail "the lesson's program still runs"
until_ok test ! -e "$copy" || fail "left: $copy"
echo "ok: killed in the middle, no process and no file is left"
