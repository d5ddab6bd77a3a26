# The picture is held (p) while the program goes on: nothing of it moves, painted anew or not.
. "$SRCDIR/term/term.sh"

# says a number again and again, and takes a page with each; ended by the terminal's end
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
# the program has said more: seen from outside, in what the kernel counts of its writes
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
see "picture held"
unsee "the picture is frozen" # the message has gone by itself: the keys are back
held=$(screen)
round=$(last_round)
before=$(written)
until_ok goes_on || fail "the program does not go on"
stands || fail "the held picture moves; it was: $held"
# painted anew, and with a command begun and left behind it, so that both have been done
keys C-l
keys :
until_ok moved || fail "no prompt"
keys Escape
until_ok stands || fail "painted anew it is another; it was: $held"
keys p
unsee "picture held"
until_ok later "$round" || fail "let go, it does not go on"
keys q
see "still runs"
keys e
ended 0
echo "ok: a held picture"
