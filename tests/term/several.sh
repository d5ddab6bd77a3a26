# -p A,B: two processes that have nothing to do with each other on one screen: the list of both with their
# sizes, going from one to the other, both side by side; the watch goes on when one ends.
. "$SRCDIR/term/term.sh"

shown() {
	screen | head -1 | sed -n 's/.* pid *\([0-9]*\) .*/\1/p'
}
shows() {
	[ "$(shown)" = "$1" ]
}

start_target
first=$target
LC_ALL=C sleep 2000 &
second=$!
disown
trap 'kill $second 2>/dev/null; cleanup' EXIT

for size in "80 24" "120 36"; do
	# shellcheck disable=SC2086
	run $size "$PAGESCAPE" -p "$first" -p "$second"
	see "F1 help"
	until_ok shows "$first" || fail "shows $(shown), not $first"
	see "$first ([(]1 of 2[)]|1/2) "
	see "P processes  O sizes  H together"
	keys O
	see "Processes"
	see "$first  *sleep 1000"
	see "$second  *sleep 2000"
	see "all; shared pages in each"
	keys j
	keys Enter
	until_ok shows "$second" || fail "Enter in the list shows $(shown), not $second"
	unsee "Processes"
	keys "("
	until_ok shows "$first" || fail "( shows $(shown), not $first"
	keys H
	see "Held together"
	see "all 2 hold"
	see "$first $second  *libc"
	keys H
	unsee "Held together"
	keys Y
	see "┌─ Frames"
	if [ "$(id -u)" = 0 ]; then
		see "mapped once [0-9]"
		see "▸0x[0-9a-f]+ "
		keys Enter
	else
		see "CAP_SYS_ADMIN"
		keys Y
	fi
	unsee "┌─ Frames"
	keys B
	see "► $first .*► $second"
	see "nothing in common by address; see pagescape diff pid:$first pid:$second"
	keys B
	unsee "► $first .*► $second"
	keys q
	ended 0
done

# in a narrow window there is no panel of processes: it says where they are
run 44 20 "$PAGESCAPE" -p "$first,$second"
see "F1 help"
keys P
see "the window is too narrow for the panel"
keys q
ended 0

# those that cannot be watched are named before the screen begins, and after it
run 120 36 "$PAGESCAPE" --name "'^no such name$'"
ended 1
see "there is no such process"

run 80 24 "$PAGESCAPE" -p "$first,$second"
see "F1 help"
kill "$first"
see "this is its final state"
keys ")"
until_ok shows "$second" || fail ") shows $(shown), not $second"
see "running|quiet"
# once all have ended, what they had is still there
kill "$second"
see "this is its final state"
keys O
see "at their end, shared for each  *[0-9.]+M"
keys H
see "they had ended by then"
see "$first $second  *libc"
keys q
keys q
ended 0
