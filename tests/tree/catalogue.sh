#!/bin/bash
# catalogue: each language of po/LINGUAS has all messages of the source, none is a guess (fuzzy) or of nothing (obsolete),
# their formats and plural forms are right, and they begin and end with the blanks that the English ones have.
cd "${SRCDIR:?}/.." || exit 1
for tool in xgettext msgmerge msgattrib msgfmt; do
	command -v "$tool" >/dev/null || { echo "ok - catalogue # SKIP $tool is not installed (gettext)"; exit 77; }
done
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
status=0

# as po/Makefile does it
options=$(sed -n 's/^XGETTEXT_OPTIONS = //p' po/Makevars)
# shellcheck disable=SC2086 # the options are words
xgettext $options --files-from=po/POTFILES.in --add-comments=TRANSLATORS: --output="$dir/pot" || exit 99
[ "$(grep -c '^msgid ' "$dir/pot")" -gt 1000 ] || { echo "not ok - the source has too few messages"; exit 1; }

# report WHAT FILE: not ok with the messages in it
report() {
	if [ -s "$2" ] && grep -q '^msgid "..*"\|^"' "$2"; then
		msgattrib --no-wrap "$2" 2>/dev/null | grep -E '^(#:|msgid)' | tail -n +2 | head -40
		echo "not ok - $1: run \"make -C build/po update-po\", then translate them in po/$language.po"
		status=1
	else
		echo "ok - $1"
	fi
}

for language in $(grep -v '^#' po/LINGUAS); do
	po=po/$language.po
	msgmerge --quiet --no-fuzzy-matching --output-file="$dir/merged" "$po" "$dir/pot" || exit 99
	msgattrib --untranslated --no-obsolete --output-file="$dir/left" "$dir/merged"
	report "$po has all messages" "$dir/left"
	msgattrib --only-fuzzy --no-obsolete --output-file="$dir/fuzzy" "$po"
	report "$po has no fuzzy message" "$dir/fuzzy"
	msgattrib --only-obsolete --output-file="$dir/obsolete" "$dir/merged"
	if grep -q '^#~' "$dir/obsolete" 2>/dev/null; then
		grep '^#~ msgid' "$dir/obsolete" | head -20
		echo "not ok - $po has messages that the source has not: run \"make -C build/po update-po\", then delete what begins with #~"
		status=1
	else
		echo "ok - $po has no message of nothing"
	fi
	if msgfmt --check --output-file=/dev/null "$po"; then
		echo "ok - formats and plural forms of $po are right"
	else
		echo "not ok - $po: see above"
		status=1
	fi
	# columns and blanks are part of many messages
	msgattrib --no-wrap --no-obsolete "$dir/merged" | awk '
		function blanks(text,    a, b) {
			match(text, /^( |\\n)*/); a = RLENGTH
			match(text, /( |\\n)*$/); b = RLENGTH
			return a " " b
		}
		function text_of(line) { sub(/^[^"]*"/, "", line); sub(/"$/, "", line); return line }
		/^msgid / { id = text_of($0); part = "id"; next }
		/^msgid_plural / { part = "plural"; next }
		/^msgstr/ { if (part == "str") finish(); part = "str"; str = text_of($0); next }
		/^"/ { if (part == "id") id = id text_of($0); else if (part == "str") str = str text_of($0); next }
		/^$/ { if (part == "str") finish(); part = "" }
		function finish() { if (id != "" && str != "" && blanks(id) != blanks(str)) print id " | " str }
		END { if (part == "str") finish() }' >"$dir/blanks"
	if [ -s "$dir/blanks" ]; then
		cat "$dir/blanks"
		echo "not ok - $po: these begin or end with other blanks than in English"
		status=1
	else
		echo "ok - $po has the blanks of the English messages"
	fi
done
exit $status
