# Keys and the mouse, from the terminal's bytes to the screen.
. "$SRCDIR/term/term.sh"
start_target

run 120 36 "$PAGESCAPE" -p "$target"
see "F1 help"
keys g
see "go to:"
keys -l "stack+0x1000"
keys Enter
see "PAGE .*\[stack\]\+0x1000"
keys / ; keys -l heap; keys Enter
see "PAGE .*\[heap\]"
keys Right
see "PAGE .*\[heap\]\+0x1000"
keys -l -- -
see "2 pages/cell"
keys +
see "1 page/cell"
keys Left
see "PAGE .*\[heap\]\+0x0"
for tab in 2:PTE 3:present 4:0x010 7:pagemap 8:private; do
	keys "${tab%%:*}"
	see "${tab#*:}"
done
keys 1
keys '\' ; keys -l libc
see "show only: libc"
unsee "text +sleep"
keys Enter
keys Escape
see "text +sleep"
keys o
see "by size"
keys F1
see "Moving"
keys q
unsee "Moving"
keys l
see "reserved"
keys Escape
keys :
keys -l "theme light"
keys Enter
unsee ":theme light"
see "theme light"
keys p
see "frozen"
keys p
unsee "frozen"
echo "ok: keys"

# a click of the left button at row and column, from 0, in the old encoding
press() {
	local r c
	printf -v c '\\%03o' $(($2 + 33))
	printf -v r '\\%03o' $(($1 + 33))
	keys -l "$(printf "\033[M $c$r\033[M#$c$r")"
}
line=$(screen | grep -nE "^ +[a-z]+ +\[stack\]" | head -1 | cut -d: -f1)
[ -n "$line" ] || { keys End; fail "no line of the stack"; }
press $((line - 1)) 5
see "PAGE .*\[stack\]"
line=$(screen | grep -n "1 page .*2 addr" | cut -d: -f1)
press $((line - 1)) 14
see "PTE"
echo "ok: the mouse"
keys q
ended 0

run 100 30 "$PAGESCAPE" -p "$target" --do "'goto stack; tab address'"
see "PTE"
keys q
ended 0
run 100 30 "$PAGESCAPE" -p "$target" --do frobnicate
ended 2
see "frobnicate"
echo "ok: --do"
