# -f: the list of processes, going from one to the next, two side by side, and one stepped while
# the others run on.
. "$SRCDIR/term/term.sh"

header() {
	screen | head -1
}
shown() {
	header | sed -n 's/.* pid *\([0-9]*\) .*/\1/p'
}
shows() {
	[ "$(shown)" = "$1" ]
}

run 120 40 "$PAGESCAPE" -f sh -c "'sleep 1000 & sleep 2000 & wait'"
see "F1 help"
parent=$(shown)
count() {
	[ "$(pgrep -P "$parent" -x sleep | wc -l)" = 2 ]
}
until_ok count || fail "no children"
first=$(pgrep -P "$parent" -f "sleep 1000")
second=$(pgrep -P "$parent" -f "sleep 2000")

keys P
see "PROCESSES"
see "$parent"
see "$first"
see "$second"
keys ")"
until_ok shows "$first" || fail ") shows $(shown), not $first"
keys ")"
until_ok shows "$second" || fail ") shows $(shown), not $second"
keys ")"
until_ok shows "$parent" || fail ") shows $(shown), not $parent"
keys "("
until_ok shows "$second" || fail "( shows $(shown), not $second"
keys P
unsee "PROCESSES"
echo "ok: P ( )"

keys B
see "$parent.*$second|$second.*$parent"
keys "("
until_ok shows "$parent" || fail "( of two side by side shows $(shown)"
# the panel has room beside the two, and says nothing of a narrow window
unsee "PROCESSES"
keys P
see "PROCESSES"
screen | grep -q "too narrow" && fail "P beside B: $(screen | tail -1)"
keys P
unsee "PROCESSES"
keys B
echo "ok: B"

# the one that is shown is paused
state() {
	ps -o stat= -p "$1" | cut -c1
}
stands() {
	[ "$(state "$1")" = t ]
}
sleeps() {
	[ "$(state "$1")" = S ]
}
until_ok shows "$parent"
keys ")"
until_ok shows "$first"
keys Space
see "paused"
until_ok stands "$first" || fail "it is not paused"
sleeps "$second" || fail "another one is paused"
sleeps "$parent" || fail "the parent is paused"
keys ")"
until_ok shows "$second"
unsee "paused"
keys "("
until_ok shows "$first"
see "paused"
keys Space
unsee "paused"
until_ok sleeps "$first" || fail "it is still paused"
keys q
see "still running"
keys e
ended 0
echo "ok: one of them paused"
