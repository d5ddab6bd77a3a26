#!/bin/bash
# export html: its data are those of the session, read from the description of the format; in a real browser it is
# shown and used, and no text of a session becomes a part of it.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"

"$BUILDDIR/cli/make_session" "$dir/made" || fail 'make_session'
"$BUILDDIR/cli/make_markup" "$dir/markup" || fail 'make_markup'
"$PAGESCAPE" record -o "$dir/real" bash -c 'x=$(printf "%0300000d" 1); exec bash -c true' >/dev/null || fail 'record'
"$BUILDDIR/cli/make_forks" "$dir/forks" || fail 'make_forks'
for session in made markup real; do
	"$PAGESCAPE" export html "$dir/$session" -o "$dir/$session.html" >"$dir/out" 2>&1 || fail "html of $session: $(cat "$dir/out")"
	[ -s "$dir/out" ] && fail "html says: $(cat "$dir/out")"
	"$PAGESCAPE" export csv-faults "$dir/$session" -o "$dir/$session.csv-faults" || fail "csv-faults of $session"
	"$PAGESCAPE" export csv-left "$dir/$session" -o "$dir/$session.csv-left" || fail "csv-left of $session"
	"$PAGESCAPE" snapshot --json --pages "$dir/$session" >"$dir/$session.json" || fail "snapshot of $session"
done
"$PAGESCAPE" export html "$dir/made" | cmp - "$dir/made.html" || fail 'html: another to standard output'
"$PAGESCAPE" export html "$dir/real.json" -o "$dir/snapshot.html" || fail 'html of a snapshot'
[ -s "$dir/snapshot.html" ] || fail 'html of a snapshot: nothing'
"$BUILDDIR/cli/make_freed" "$dir/freed" || fail 'make_freed'
for session in forks freed; do
	"$PAGESCAPE" export html "$dir/$session" -o "$dir/$session.html" || fail "html of $session"
	"$PAGESCAPE" why --json "$dir/$session" >"$dir/$session.json" || fail "why of $session"
	"$PAGESCAPE" why "$dir/$session" >"$dir/$session.txt" || fail "why of $session"
done
cat "$dir/made" | "$PAGESCAPE" export html - >"$dir/out" 2>"$dir/err" && fail 'html of a pipe'
grep -q 'needs a file' "$dir/err" || fail "html of a pipe: $(cat "$dir/err")"
"$PAGESCAPE" export html "$dir/made" >/dev/full 2>"$dir/err" && fail 'html to a full disk'

# in the language of messages, whose words are data of the page
"$PAGESCAPE" export html --lang ru "$dir/made" -o "$dir/ru.html" || fail 'html in Russian'
grep -q '<html lang="ru">' "$dir/ru.html" && grep -q '<noscript>[^<]*скрипт' "$dir/ru.html" || fail 'ru.html: not said to be Russian'
grep -q '<html lang="en">' "$dir/made.html" || fail 'made.html: not said to be English'

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if ! command -v python3 >/dev/null; then
	echo 'python3 is missing: pages are not read back'
elif ! python3 "$SRCDIR/cli/page_words.py" "$SRCDIR/.."; then
	fail 'the words of the page are not those that can be translated'
elif ! python3 "$SRCDIR/cli/check_page.py" "$dir" "$browser" "$SRCDIR/.."; then
	fail 'the pages are not as they should be'
fi
if [ -z "$browser" ] && [ "$failed" -eq 0 ]; then
	echo 'skipped: there is no Chromium; the data were checked, and that no text of the session stands in the page'
	exit 77
fi
exit "$failed"
