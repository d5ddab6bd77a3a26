#!/bin/bash
# export speedscope: speedscope itself, from npm, in a headless Chromium, opens it and names its profiles.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"

speedscope=$(npm root -g 2>/dev/null)/speedscope/dist/release/index.html
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
"$BUILDDIR/cli/make_session" "$dir/made" || fail 'make_session'
"$BUILDDIR/cli/make_markup" "$dir/markup" || fail 'make_markup'
for session in made markup; do
	"$PAGESCAPE" export speedscope "$dir/$session" -o "$dir/$session.json" || fail "export of $session"
	[ -s "$dir/$session.json" ] || fail "export of $session: nothing"
done
[ "$failed" = 0 ] || exit 1
if [ ! -f "$speedscope" ]; then
	echo "ok - speedscope # SKIP there is no speedscope here: npm install -g speedscope"
	exit 77
fi
if [ -z "$browser" ]; then
	echo "ok - speedscope # SKIP there is no Chromium here"
	exit 77
fi

# open_in_speedscope SESSION: what its page has become then, in $dir/SESSION.page
open_in_speedscope() {
	printf "speedscope.loadFileFromBase64('%s.json', '%s')\n" "$1" "$(base64 -w0 "$dir/$1.json")" >"$dir/$1.js"
	timeout 60 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$dir/profile" \
		--allow-file-access-from-files --virtual-time-budget=8000 --dump-dom \
		"file://$speedscope#localProfilePath=$dir/$1.js" >"$dir/$1.page" 2>/dev/null
	grep -q "<title>.* - speedscope</title>" "$dir/$1.page"
}

for session in made markup; do
	until_true open_in_speedscope $session || continue
	first=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["profiles"][0]["name"])' "$dir/$session.json")
	grep -qF "<span>$(sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' <<<"$first") <span" "$dir/$session.page" ||
		fail "$session: speedscope shows no profile $first"
	# what its name asks for (cli/make_markup.c)
	grep -q 'data-harmed' "$dir/$session.page" && fail "$session: a script of the session ran"
	[ "$failed" = 1 ] || echo "ok - speedscope opens $session: $first"
done
exit "$failed"
