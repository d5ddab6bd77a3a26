# A window that changes size, down to nothing and back.
. "$SRCDIR/term/term.sh"
start_target

run 120 36 "$PAGESCAPE" -p "$target"
see "F1 help"
see "REGIONS"
t resize-window -x 200 -y 50
see "F1 help"
wide() {
	[ "$(screen | head -1 | wc -m)" -gt 150 ]
}
until_ok wide || fail "the header did not become wider"
t resize-window -x 60 -y 20
unsee "REGIONS"
see "PAGE"
t resize-window -x 40 -y 12
see "F1 help"
t resize-window -x 39 -y 12
see "needs 40x12"
t resize-window -x 20 -y 4
narrow() {
	[ "$(screen | wc -l)" -le 4 ] && screen_has "needs 40x12"
}
until_ok narrow || fail "at 20 columns it does not say what is needed"
t resize-window -x 5 -y 1
t resize-window -x 80 -y 24
see "REGIONS"
see "F1 help"
keys q
ended 0
echo "ok: sizes"
