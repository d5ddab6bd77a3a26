#!/bin/bash
# The manual pages are valid mdoc, and have each option and each command of the screen.
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

help=$("$PAGESCAPE" --help) || { echo "--help ends with status $?"; exit 1; }
options=$(grep -oE -e '--[a-z-]+' <<<"$help" | sort -u)
[ "$(wc -w <<<"$options")" -gt 20 ] || { echo "--help has too few options: $options"; failed=1; }
for option in $options; do
	[ "$option" = --no- ] || grep -q -e "Fl -${option#--}\>" "$manual" || { echo "not in the manual: $option"; failed=1; }
done
for source in $(sed -n '/--no-SOURCE/,$p' <<<"$help" | tail -n +2); do
	grep -q -e "Fl -no-$source\>" "$manual" || { echo "not in the manual: --no-$source"; failed=1; }
done
for state in reserved cached zero file copy anon shm swap guard unknown; do
	grep -q "^\.It Cm $state$" "$manual" || { echo "not in the manual: state $state"; failed=1; }
done
# "name" in a table of commands: {"zoom-in", {'+'}, ...
commands=$(sed -nE 's/^[[:space:]]*\{"([a-z-]+)", \{.*/\1/p' "$SRCDIR"/../src/ui/command_*.c)
[ "$(wc -w <<<"$commands")" -gt 30 ] || { echo "src/ui/command_*.c have too few commands: $commands"; failed=1; }
for command in $commands; do
	grep -q "^\.It Cm $command\>" "$manual" || { echo "not in the manual: command $command"; failed=1; }
done
exit $failed
