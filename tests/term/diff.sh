#!/bin/bash
# Two recordings of one program on the screen; the second run touches one more page: exactly that
# page is marked, and found by a key. And two moments of one recording.
# shellcheck source=tests/term/term.sh
. "$SRCDIR/term/term.sh"

# record FILE PAGES: of a program that touches that many pages, and waits until it is killed
record() {
	local pipe="$work/pipe.$1" recorder
	mkfifo "$pipe"
	"$BUILDDIR/cli/standing" "$2" >"$pipe" &
	target=$!
	read -r -n 1 -t 20 <"$pipe" || fail "the program does not get ready"
	"$PAGESCAPE" record -o "$work/$1" -p "$target" 2>/dev/null &
	recorder=$!
	until_ok test -s "$work/$1" || fail "nothing is recorded"
	kill -TERM $recorder
	wait $recorder || fail "record"
	kill "$target"
	target=
}

record one 3
record two 4
run 80 24 "$PAGESCAPE" diff --screen --ascii --theme mono "$work/one" "$work/two"
see "pagescape diff .* 1 page differs in 1 region"
see "^ A +\. reserved +0x"
see "^ B +A anon +0x"
# it was not seen coming: that it was touched would be a guess
see "^ SO +B has it, A does not"
# the two rows of that page: a mark between, one A more on the right
marked=$(screen | sed -n '4,17p' | grep -cE '^.{41}#') # the line between stands there
[ "$marked" = 1 ] || fail "$marked rows are marked, not 1"
screen | grep -qE '^.{8}[.A]+ +# ' || fail "the mark is elsewhere"
keys ">"
see "no difference after this one"
keys "<"
see "no difference before this one"
keys g
see "go to:"
keys -l "stack"
keys Enter
see "^ SO +no difference"
keys "<"
see "^ SO +B has it, A does not"
keys 6
see "STATE +A +B"
see "REGIONS +by difference"
see "anon .*# 1"
keys m
see "does nothing in a comparison"
keys F1
see "up, down: scroll"
keys Escape
keys q
ended 0
echo "ok: exactly the page that differs is marked and found"

run 80 24 "$PAGESCAPE" diff --screen --exit-code "$work/one" "$work/one"
see "no difference"
keys ">"
see "no difference after this one"
keys q
ended 0
run 80 24 "$PAGESCAPE" diff --screen --exit-code "$work/one" "$work/two"
see "1 page differs"
keys q
ended 1
echo "ok: the exit status says whether they differ"

"$PAGESCAPE" record -o "$work/course" bash -c 'x=$(printf "%0300000d" 1); sleep 0.3; y=$x$x$x$x' >/dev/null || fail "record"
run 120 36 "$PAGESCAPE" diff --screen "$work/course@0.1" "$work/course"
see "A +.*course@0.1 .*B +.*course "
see "[0-9]+ pages differ in [0-9]+ regions"
keys q
ended 0
echo "ok: two moments of one recording"

"$PAGESCAPE" diff --screen "$work/one" "$work/two" >"$work/out" 2>&1 && fail "it does not say that there is no terminal"
grep -q "needs a terminal" "$work/out" || fail "$(cat "$work/out")"
"$PAGESCAPE" diff --theme mono "$work/one" "$work/two" >"$work/out" 2>&1
[ $? -eq 2 ] || fail "--theme without --screen"
echo "ok: what does not go together is refused"
