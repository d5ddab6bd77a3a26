# Terminals that can do less, and none at all.
. "$SRCDIR/term/term.sh"
start_target

for term in dumb "" no-such-terminal; do
	run 100 30 TERM="'$term'" "$PAGESCAPE" -p "$target"
	ended 1
	see "pagescape: .*TERM"
	see "snapshot"
	echo "ok: TERM='$term'"
done
run 100 30 "$PAGESCAPE -p $target </dev/null"
ended 1
see "pagescape: no terminal"
echo "ok: no terminal on standard input"

run 100 30 LC_ALL=C "$PAGESCAPE" -p "$target"
see "F1 help"
screen | LC_ALL=C grep -q '[^ -~]' && fail "not ASCII in the C locale"
keys q
ended 0
run 100 30 "$PAGESCAPE" --ascii -p "$target"
see "F1 help"
screen | LC_ALL=C grep -q '[^ -~]' && fail "not ASCII with --ascii"
keys q
ended 0
echo "ok: ASCII"

coloured() {
	t capture-pane -e -p | grep -qE $'\033\\[([0-9;]*;)?(3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]'
}
for term in xterm-256color xterm-16color xterm linux; do
	infocmp $term >/dev/null 2>&1 || continue # not every machine has them all
	run 100 30 TERM=$term "$PAGESCAPE" -p "$target"
	see "F1 help"
	coloured || fail "no colours with TERM=$term"
	keys q
	ended 0
done
run 100 30 NO_COLOR=1 "$PAGESCAPE" -p "$target"
see "F1 help"
coloured && fail "colours in spite of NO_COLOR"
keys q
ended 0
run 100 30 TERM=vt100 "$PAGESCAPE" -p "$target"
see "F1 help"
coloured && fail "colours on a vt100"
keys q
ended 0
echo "ok: colours"
