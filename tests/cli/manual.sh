#!/bin/bash
# The manual pages are valid mdoc, and have all that the program itself lists: options, commands, those of
# the screen, page states, causes of faults, topics of help, formats, themes, views, tabs.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
failed=0
manual=$SRCDIR/../man/pagescape.1

for page in "$manual" "$SRCDIR"/../man/pagescape-*.5; do
if command -v mandoc >/dev/null; then
	# what it says of other manuals depends on the machine
	mandoc -T lint "$page" 2>&1 | grep -v -e 'lacks .* entry' -e 'referenced manual not found' && failed=1
fi
if command -v groff >/dev/null; then
	groff -ww -Kutf8 -Tutf8 -mdoc "$page" 2>&1 >/dev/null | grep . && failed=1
fi
done

# shellcheck source=tests/cli/tables.sh
. "$SRCDIR/cli/tables.sh"
# in_manual WHAT PATTERN [TITLE]: %s in the pattern is each of the words on standard input; with a title only that
# section is meant, as the word may stand elsewhere for something else
in_manual() {
	local word text
	text=$(if [ $# -gt 2 ]; then sed -n "/^\.Sh $3$/,/^\.Sh /p" "$manual"; else cat "$manual"; fi)
	[ -n "$text" ] || { echo "not in man/pagescape.1: section $3"; failed=1; }
	while read -r word; do
		grep -qE -e "${2//%s/$word}" <<<"$text" || { echo "not in man/pagescape.1: $1 $word"; failed=1; }
	done
}
for command in '' $commands; do
	# shellcheck disable=SC2086 # none or one
	in_manual "option of $command" 'Fl %s\>' < <(options_of $command | sed 's/^-//')
done
state=$("$PAGESCAPE" help states | awk '{ print $2 }')
at_least 10 states "$state"
in_manual state '^\.It Cm %s$' <<<"$state"
cause=$("$PAGESCAPE" help causes | grep -oE '^[^ ]+' | sort)
at_least 15 causes "$cause"
# the session's manual has the numbers of states and causes, that of lessons names both
session=$(grep -v '^\.' "$SRCDIR/../man/pagescape-session.5" | tr '\n' ' ')
lesson=" $(sed -n '/^\.It Cm cause$/,/^\.It Cm access/p; s/^\.It Cm //p' "$SRCDIR/../man/pagescape-lesson.5" | tr -s ',;\n ' ' ')"
number=0
for word in $state; do
	number=$((number + 1))
	[[ $session =~ ", $number $word"[,.] ]] || { echo "not in man/pagescape-session.5: state $number $word"; failed=1; }
	[[ $lesson = *" $word "* ]] || { echo "not in man/pagescape-lesson.5: state $word"; failed=1; }
done
for word in $cause; do
	[[ $session =~ [0-9]" $word"[,\;] ]] || { echo "not in man/pagescape-session.5: cause $word"; failed=1; }
	[[ $word = unknown || $lesson = *" $word "* ]] || { echo "not in man/pagescape-lesson.5: cause $word"; failed=1; }
done
# causes_of MANUAL: its two lists, which are as wide as the longest name
causes_of() {
	sed -n '/^\.Bl -tag -width zero-replaced/,/^\.El/s/^\.It Cm \([a-z-]*\)$/\1/p' "$1" | sort
}
for page in "$manual" "$SRCDIR/../man/ru/pagescape.1"; do
	diff <(echo "$cause") <(causes_of "$page") || { echo "not the same causes: help, and $page"; failed=1; }
done
commands=${commands# }
in_manual command '^\.It Cm %s\>' DESCRIPTION <<<"${commands// /$'\n'}"
in_manual "command of the screen" '^\.It Cm %s\>' 'COMMANDS OF THE SCREEN' <<<"$screen_commands"
in_manual tab '^\.(Po )?Cm ([a-z]+ , )*%s\>' 'COMMANDS OF THE SCREEN' <<<"${tabs// /$'\n'}"
in_manual topic '^\.Cm %s\>|^\.It Cm %s\>' <<<"${topics// /$'\n'}"
in_manual format '^\.It Cm ([a-z]+ , )*%s\>' EXPORT <<<"$formats"
in_manual theme '^\.(It )?Cm ([a-z]+ , )*%s\>' <<<"${themes// /$'\n'}"
in_manual view '^\.(It )?Cm ([a-z]+ , )*%s\>' <<<"${views// /$'\n'}"
exit $failed
