#!/bin/bash
# The key that saves the screen as a picture: says where, overwrites nothing, one line where it fails.
# shellcheck source=tests/term/term.sh
. "$SRCDIR/term/term.sh"

start_target
mkdir "$work/folder"
run 80 24 cd "$work/folder" "&&" "$PAGESCAPE" -p "$target"
see "REGIONS"
keys W
see "the screen was saved to pagescape-1.png"
keys W
see "the screen was saved to pagescape-2.png"
cmp -s "$work"/folder/pagescape-[12].png && echo "# both pictures are the same"
keys -l ":picture mine.svg"
keys Enter
see "the screen was saved to mine.svg"
before=$(cksum "$work/folder/pagescape-1.png" "$work/folder/mine.svg")
keys -l ":picture mine.svg"
keys Enter
see "there is a file of that name"
keys -l ":picture mine.gif"
keys Enter
see "ends with .svg, .png or .pdf"
keys -l ":picture /proc/none/x.png"
keys Enter
see "cannot write /proc/none/x.png"
keys q
ended 0
[ "$(cksum "$work/folder/pagescape-1.png" "$work/folder/mine.svg")" = "$before" ] || fail "a picture was overwritten"
[ "$(ls "$work/folder" | tr '\n' ' ')" = "mine.svg pagescape-1.png pagescape-2.png " ] || fail "other files: $(ls "$work/folder")"
# 80x24 cells of 10 by 20 points, two pixels a point, a margin of 10 points
[ "$(od -An -tu1 -j16 -N8 "$work/folder/pagescape-1.png" | tr -s ' ')" = " 0 0 6 104 0 0 3 232" ] || fail "not the size of the screen"
grep -q 'viewBox="0 0 820 500"' "$work/folder/mine.svg" || fail "the SVG is not of the size of the screen"
kill -0 "$target" || fail "the watched process is gone"
echo "ok: the screen as a picture"

run 100 24 "$PAGESCAPE" export pdf "$SRCDIR/session/v1.pgs"
see "export pdf cannot be written to a terminal"
ended 2
echo "ok: no picture's bytes on a terminal"
