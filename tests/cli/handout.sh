#!/bin/bash
# Handouts and worksheets: whole, well-formed, harmless, and without the answers where they are asked for
# without. A lesson is played for each, so the texts have the kernel's figures in them.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
unset LANGUAGE PAGESCAPE_LESSONS

# handout FILE ARGUMENT...
handout()
{
	local file=$1
	shift
	"$PAGESCAPE" lesson --handout "$dir/$file" "$@" >"$dir/out" 2>&1 </dev/null || fail "$file: $(cat "$dir/out")"
	[ -s "$dir/out" ] && fail "$file: it says $(cat "$dir/out")"
	[ -s "$dir/$file" ] || fail "$file: nothing"
}

# page FILE STEPS: a complete page that loads nothing from elsewhere
page()
{
	local file=$dir/$1
	[ "$(grep -c '<section class="step"' "$file")" = "$2" ] || fail "$1: not $2 steps"
	[ "$(grep -c '<pre class="source">' "$file")" -ge "$2" ] || fail "$1: not a source each"
	[ "$(grep -c '<mark>' "$file")" -ge 1 ] || fail "$1: no current line"
	[ "$(grep -c '<img alt="[^"]*" src="data:image/svg+xml;base64,' "$file")" -ge 1 ] || fail "$1: no picture"
	grep -oE '(src|href)="[^"]{0,6}' "$file" | grep -vE '^(src="data:i|href="#)' && fail "$1: refers to something outside"
	grep -qiE '<script|<link|<iframe|@import|url\(|[[:space:]]on[a-z]+="' "$file" && fail "$1: a script, or something outside"
	grep -q "default-src 'none'" "$file" || fail "$1: the head does not forbid what is outside"
	grep -q '^</html>$' "$file" || fail "$1: cut"
	if command -v xmllint >/dev/null; then
		xmllint --nonet --huge --noout "$file" 2>"$dir/out" || fail "$1: not well-formed: $(head -3 "$dir/out")"
	else
		echo "# SKIP $1: no xmllint that says whether it is well-formed"
	fi
}

# a picture is SVG, and has no way out either
pictures()
{
	grep -zoE 'base64,[^"]*' "$dir/$1" | tr -d '\n' | tr '\0' '\n' | sed -n '/^base64,/s///p' >"$dir/base64"
	while read -r line; do
		base64 -d <<<"$line" >"$dir/svg" || fail "$1: bad base64"
		grep -q '<svg' "$dir/svg" || fail "$1: not SVG"
		grep -oE 'href="[^"]' "$dir/svg" | grep -v '#$' && fail "$1: a picture refers to something outside"
	done <"$dir/base64"
	[ -s "$dir/base64" ] || fail "$1: no pictures"
}

handout en.html promise
page en.html 6
pictures en.html
handout ru.html --lang ru promise
page ru.html 6
grep -q '<html lang="ru">' "$dir/ru.html" || fail 'ru.html: not said to be Russian'
grep -q 'Записан один байт' "$dir/ru.html" || fail 'ru.html: not in Russian'
for words in 'One byte is written' 'mmap returns' '64 of 64' 'None. mmap returned an address' 'Nothing that the kernel knows of' 'There: 4 of 64 pages'; do
	grep -qF "$words" "$dir/en.html" || fail "en.html lacks: $words"
done
[ "$(grep -c 'class="right"' "$dir/en.html")" = 4 ] || fail 'en.html: not four answers'
grep -A1 'mmap returns' "$dir/en.html" | grep -q '<p class="right">0</p>' || fail 'en.html: not the right answer'
sed -n '/id="answers"/,$!p' "$dir/en.html" | grep -q 'None. mmap returned' && fail 'en.html: an answer before the end'
grep -q 'Wait for it' "$dir/en.html" && fail "en.html has the speaker's notes"

# a worksheet asks the same, and answers nothing
handout sheet.html --worksheet promise
page sheet.html 6
grep -q 'mmap returns' "$dir/sheet.html" || fail 'sheet.html does not ask'
grep -q 'Another page fault' "$dir/sheet.html" || fail 'sheet.html has no choices'
[ "$(grep -c 'class="room"' "$dir/sheet.html")" -ge 10 ] || fail 'sheet.html has no room to write'
for words in 'None. mmap returned' 'class="right"' 'id="answers"' 'none of them is there' 'There: 4 of 64' '64 of 64' ': 4 of 64 pages' 'zero-fill'; do
	grep -qF "$words" "$dir/sheet.html" && fail "sheet.html gives away: $words"
done

# on paper
for file in en.pdf:promise ru.pdf:--lang=ru:promise sheet.pdf:--worksheet:promise; do
	IFS=: read -ra given <<<"$file"
	handout "${given[@]}"
	head -c 5 "$dir/${given[0]}" | grep -q '%PDF-' || fail "${given[0]}: no PDF"
done
if command -v pdftotext >/dev/null && command -v pdfinfo >/dev/null; then
	for name in en ru sheet; do
		pdftotext -layout "$dir/$name.pdf" - | tr -d "\f" >"$dir/$name.txt" || fail "$name.pdf cannot be read"
		pages=$(pdfinfo "$dir/$name.pdf" | sed -n 's/^Pages: *//p')
		[ "$pages" -ge 3 ] || fail "$name.pdf: $pages sheets"
		pdfinfo "$dir/$name.pdf" | grep -q 'Page size:.*(A4)' || fail "$name.pdf: not A4"
		grep -qF 'area[40 * PAGE]' "$dir/$name.txt" || fail "$name.pdf: no source"
	done
	for number in 1 2 3 4 5 6; do grep -q "^ *$number\. " "$dir/en.txt" || fail "en.pdf: no step $number"; done
	grep -q 'None. mmap returned' "$dir/en.txt" || fail 'en.pdf: no answers'
	grep -q 'Записан один байт' "$dir/ru.txt" || fail 'ru.pdf: no Russian text'
	grep -q 'mmap returns' "$dir/sheet.txt" || fail 'sheet.pdf does not ask'
	grep -qE 'None. mmap returned|none of them is there|There: 4 of 64' "$dir/sheet.txt" && fail 'sheet.pdf gives answers away'
else
	echo '# SKIP no pdftotext and pdfinfo that read the sheets'
fi

# a recording gives the same; figures of one run
"$PAGESCAPE" lesson -o "$dir/promise.pgs" promise >"$dir/out" 2>&1 </dev/null || fail "lesson -o: $(cat "$dir/out")"
handout recorded.html "$dir/promise.pgs"
page recorded.html 6
[ "$(grep -c 'class="right"' "$dir/recorded.html")" = 4 ] || fail 'recorded.html: not four answers'
grep -q '4 of 64 pages are resident' "$dir/recorded.html" || fail 'recorded.html: the pages are not there'

# texts that try to do harm: they are texts
mkdir "$dir/evil"
cat >"$dir/evil/evil.c" <<'C'
/* </pre><script>alert(1)</script> & "quoted" 'so' */
char area[8192];
int main(void)
{
	area[0] = 1; /* @one */
	return 0; /* @two */
}
C
printf '%s\n' 'title: </title><script>alert(1)</script>' 'about: <img src=x onerror=alert(1)> & so on' 'show: area' '' \
	'== one' 'title: "><script>alert(2)</script>' '' 'A <b>bold</b> text & </section></body> '"$(printf 'x%.0s' {1..3000})" \
	' <pre>red' '' '== two' 'title: T' 'ask choice: <i>Q?</i>' 'choice: <a href="http://example.org/">' \
	'when: resident of area > 0' 'choice: b' 'when: resident of area = 0' 'explain: <script src="http://example.org/x.js"></script>' \
	>"$dir/evil/en.lesson"
handout evil.html "$dir/evil"
page evil.html 2
grep -q '&lt;script&gt;alert(2)' "$dir/evil.html" || fail 'evil.html: the text is not there'
grep -q $'\e\|\u202e' "$dir/evil.html" && fail 'evil.html: control characters'
handout evil.pdf "$dir/evil"
handout evil-sheet.html --worksheet "$dir/evil"
page evil-sheet.html 2

# what would move a terminal's cursor is refused, with its line
mkdir "$dir/control"
cp "$dir/evil/evil.c" "$dir/control/control.c"
printf 'title: \e[31mred\n\n== one\ntitle: T\n' >"$dir/control/en.lesson"
"$PAGESCAPE" lesson --check "$dir/control" >"$dir/out" 2>&1 && fail 'a control character is taken'
grep -q 'en.lesson:1: the line has a control character' "$dir/out" || fail "control: $(cat "$dir/out")"

# what is refused, and what is left alone
# refused STATUS WORDS ARGUMENT...
refused()
{
	local wanted=$1 expected=$2
	shift 2
	"$PAGESCAPE" lesson "$@" >"$dir/out" 2>&1 </dev/null
	[ $? = "$wanted" ] || fail "$*: not status $wanted"
	grep -qF -e "$expected" "$dir/out" || fail "$*: it says $(cat "$dir/out")"
}
cp "$dir/en.html" "$dir/before"
refused 1 'already exists' --handout "$dir/en.html" promise
cmp -s "$dir/en.html" "$dir/before" || fail 'a file was overwritten'
handout en.html --force --lang ru promise
grep -q 'Записан' "$dir/en.html" || fail '--force does not overwrite'
refused 2 '.html or .pdf' --handout "$dir/x.txt" promise
refused 2 'needs a lesson' --handout "$dir/x.html"
refused 2 'needs --handout' --worksheet promise
refused 2 'cannot be used with --new, --check' --handout "$dir/x.html" --check promise
refused 1 'nosuch' --handout "$dir/x.html" nosuch
[ ! -e "$dir/x.html" ] || fail 'a file was left behind'
exit "$failed"
