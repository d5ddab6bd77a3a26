# The picture is frozen (p) while the program goes on: nothing moves, even when it is redrawn.
. "$SRCDIR/term/term.sh"

# prints a number again and again, and takes a page each time; ends with the terminal
cat >"$work/busy" <<'END'
x=
for ((i = 0;; i++)); do
	echo "round $i"
	x+=$(printf '%4096s' .)
	read -rt 0.02
done
END
run 120 36 "$PAGESCAPE" bash "$work/busy"
see "F1 help"
keys 5
see "round [1-9]"
later() {
	[ "$(last_round)" -gt "$1" ]
}
last_round() {
	screen | sed -n 's/.*round \([0-9]*\).*/\1/p' | tail -1
}
# the program has written more: by the kernel's count of its writes
pid=$(screen | sed -n 's/.* pid *\([0-9]*\) .*/\1/p' | head -1)
written() {
	sed -n 's/^wchar: //p' /proc/"$pid"/io
}
goes_on() {
	[ "$(written)" -gt $((before + 200)) ]
}

stands() {
	[ "$(screen)" = "$held" ]
}
moved() {
	! stands
}

keys p
see "frozen"
unsee "the picture is frozen" # the message has gone by itself: the keys are back
held=$(screen)
round=$(last_round)
before=$(written)
until_ok goes_on || fail "the program does not go on"
stands || fail "the frozen picture moves; it was: $held"
# redrawn, then a prompt opened and left, so that both have been handled
keys C-l
keys :
until_ok moved || fail "no prompt"
keys Escape
until_ok stands || fail "redrawn, it is different; it was: $held"
keys p
unsee "frozen"
until_ok later "$round" || fail "live again, it does not go on"
keys q
see "still running"
keys e
ended 0
echo "ok: a frozen picture"
