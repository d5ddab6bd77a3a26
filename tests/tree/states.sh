#!/bin/bash
# states: the properties of a page's state are in its rows (event/page.c, render/state_appearance.c). Other code asks these, or is a
# switch that the compiler stops at when a state is added (doc/INTERNALS.md, "A state of a page"). So is a switch over the
# causes of faults.
# shellcheck source=tests/common.sh
. "${SRCDIR:?}/common.sh"
cd "$SRCDIR/.." || exit 1

# names_of ENUM HEADER: its values, joined by |
names_of() { sed -nE "/^enum $1 \{/,/^\}/s/^\t([A-Z_]+),.*/\1/p" "$2" | grep -vxE 'PAGE_(NONE|UNKNOWN|STATES)|FAULT_CAUSES|FAULT_CAUSE_UNKNOWN' | paste -sd '|'; }
state="($(names_of page_state src/event/page.h))"
cause="($(names_of fault_cause src/event/event.h))"

# defaults VALUE FILE...: where a switch over such values, up to the brace that ends it, has a default
defaults() {
	local value=$1
	shift
	awk -v value="case $value:" '
	FNR == 1 { depth = 0 }
	match($0, /^\t*switch /) { depth++; indent[depth] = RLENGTH; of_those[depth] = 0; other[depth] = "" }
	depth && $0 ~ value { of_those[depth] = 1 }
	depth && /^\t*default:/ { other[depth] = FILENAME ":" FNR }
	depth && match($0, /^\t*}/) && RLENGTH == indent[depth] - 6 { if (of_those[depth] && other[depth]) print other[depth]; depth-- }
	' "$@"
}

mapfile -t sources < <(find src -name '*.c')
none "no switch over the states of a page has a default, at which the compiler would not stop" < <(defaults "$state" "${sources[@]}")
none "no switch over the causes of faults has a default" < <(defaults "$cause" "${sources[@]}")

# two states joined by hand are a property of states; model and compare reason about how one becomes the other
none "states are not listed by hand: there are properties of theirs (page_state_*)" < <(
	grep -rnE "$state\b.*(\|\||&&|\] \+).*$state\b" src --include='*.c' |
		grep -vE '^src/(kern|store/codec_bits|model/cause)'
)

# asks FILE...: where one state is asked for by its name: compared with, or as a place in a census. What reads states from the
# kernel, reasons from one state to the next (a cause), has their numbers (a session) or shows two as an example (the legend)
# does so
asks() { grep -HnE "\[$state\]|[!=]= $state\b|\b$state [!=]=" "$@"; }
mapfile -t askers < <(find src -name '*.[ch]' |
	grep -vxE 'src/(kern/.*|event/page\.[ch]|render/state_appearance\.c|store/codec_bits\.c|model/cause\.c|ui/view/overlay_legend\.c)')
none "no state is asked for by its name: there are properties of states (page_state_*)" < <(asks "${askers[@]}")

# the page for a browser gets them with its data
none "no script of the page for a browser knows a state by its number" < <(
	grep -nE "[sS]tate\)? *([!=]==|[<>]=?) *[0-9]|case [0-9]+:|length: 11" data/html/*.js
)

# proof that this finds something: what it looks at is there, and a default is noticed
try=$(mktemp) || exit 99
trap 'rm -f "$try"' EXIT
printf '\tswitch (x) {\n\tcase %s:\n\t\tbreak;\n\tdefault:\n\t\tbreak;\n\t}\n' PAGE_ANON >"$try"
[ "$(grep -lE 'case PAGE_ANON:' "${sources[@]}" | wc -l)" -ge 2 ] && [ "$(grep -c states data/html/state.js)" -ge 2 ] &&
	[ "${#askers[@]}" -gt 300 ] && [[ $state = *'|'*'|'*'|'*PAGE_GUARD* && $cause = *'|'*'|'*'|'*FAULT_SPECIAL* ]] && [ "$(grep -lE 'case FAULT_COW_FORK:' "${sources[@]}" | wc -l)" -ge 2 ] && [ "$(defaults "$state" "$try")" = "$try:4" ]
result $? "a default is noticed, and what is looked at is there"
printf '%s\n' 'a = counts[PAGE_COPY];' 'b = state == PAGE_ZERO;' 'c = PAGE_SWAP != s;' 'd = page_word(PAGE_ANON, 0);' 'e = state == PAGE_UNKNOWN;' >"$try"
[ "$(asks "$try" | wc -l)" = 3 ]
result $? "one that is asked for by its name is noticed, one that is made is not"
exit "$status"
