# A window that changes size, down to nothing and back.
. "$SRCDIR/term/term.sh"
start_target

run 120 36 "$PAGESCAPE" -p "$target"
see "F1 help"
see "REGIONS"
resize 200 50
wide() {
	[ "$(screen | head -1 | wc -m)" -gt 150 ]
}
until_ok wide || fail "the header did not become wider"
seen "F1 help"
resize 60 20
unsee "REGIONS"
see "tab panel +q quit"
resize 40 12
unsee "tab panel"
see "F1 help"
resize 39 12
see "needs 40x12"
resize 20 4
narrow() {
	[ "$(screen | wc -l)" -le 4 ] && screen_has "needs 40x12"
}
until_ok narrow || fail "at 20 columns it does not say what is needed"
resize 5 1
resize 80 24
see "REGIONS"
see "F1 help"
keys q
ended 0
echo "ok: sizes"
