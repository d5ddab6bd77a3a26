#!/bin/bash
# The language of messages: what chooses it, what stays English in every one, and that tables in Russian have
# their columns, whatever the names in them.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }

declare -A begins=([english]='usage: pagescape' [russian]='вызов: pagescape')
clean=(env -i "PATH=$PATH" "HOME=$dir" XDG_CONFIG_HOME=/nonexistent)

# in LANGUAGE DESCRIPTION [NAME=VALUE ...] -- [OPTION ...]: the language that --help is in
in_language()
{
	local wanted=$1 what=$2 set=()
	shift 2
	while [ "$1" != -- ]; do
		set+=("$1")
		shift
	done
	shift
	"${clean[@]}" "${set[@]}" "$PAGESCAPE" "$@" --help >"$dir/help" 2>&1 || fail "$what: $(head -1 "$dir/help")"
	head -1 "$dir/help" | grep -q "^${begins[$wanted]}" || fail "$what: not $wanted: $(head -1 "$dir/help")"
}
in_language english 'no locale' --
in_language english 'a UTF-8 locale' LC_ALL=C.UTF-8 --
in_language russian 'LANGUAGE' LC_ALL=C.UTF-8 LANGUAGE=ru --
in_language russian 'LANGUAGE with a territory' LC_ALL=C.UTF-8 LANGUAGE=ru_RU:en --
in_language english 'LANGUAGE in the locale C, as gettext has it' LC_ALL=C LANGUAGE=ru --
in_language russian 'a locale that is not generated' LC_ALL=ru_RU.UTF-8 --
in_language russian 'LANG alone' LANG=ru_RU.utf8 --
in_language english 'LANGUAGE goes before the locale' LC_ALL=ru_RU.UTF-8 LANGUAGE=en --
in_language english 'a locale that is not UTF-8' LC_ALL=ru_RU.KOI8-R --
in_language english 'a language without messages' LC_ALL=de_DE.UTF-8 --
in_language russian '--lang' LC_ALL=C.UTF-8 -- --lang ru
in_language russian '--lang in the locale C' LC_ALL=C -- --lang=ru_RU
in_language russian '--lang goes before LANGUAGE' LC_ALL=C.UTF-8 LANGUAGE=en -- --lang ru
in_language english '--lang en' LC_ALL=ru_RU.UTF-8 -- --lang en
mkdir -p "$dir/config/pagescape"
echo 'lang = ru' >"$dir/config/pagescape/config"
in_language russian 'the setting' LC_ALL=C.UTF-8 "XDG_CONFIG_HOME=$dir/config" --
in_language english '--lang goes before the setting' LC_ALL=C.UTF-8 "XDG_CONFIG_HOME=$dir/config" -- --lang en

# help fits a terminal
commands=$("${clean[@]}" LC_ALL=C.UTF-8 "$PAGESCAPE" help nonsense 2>&1 | sed -nE 's/.*\(there are keys, commands, states, causes, (.*)\)$/\1/p' | tr -d ,)
[ "$(wc -w <<<"$commands")" -ge 11 ] || fail "help names too few commands: $commands"
fits() # fits ARGUMENT...: no line of what it prints, in any language, is wider than 80 columns
{
	local lang
	for lang in en ru; do
		"${clean[@]}" LC_ALL=C.UTF-8 "$PAGESCAPE" --lang $lang "$@" |
			PYTHONUTF8=1 python3 -c 'import sys; lines = list(sys.stdin); wide = [l for l in lines if len(l) > 81]; print(*wide); sys.exit(not lines or len(wide) > 0)' ||
			fail "$*: wider than 80 columns ($lang)"
	done
}
fits --help
for topic in keys commands states causes $commands; do
	fits help "$topic"
done
fits lesson

# where the locale is generated, too
if command -v localedef >/dev/null && localedef -i ru_RU -f UTF-8 "$dir/ru_RU.UTF-8" 2>/dev/null; then
	in_language russian 'a generated locale' "LOCPATH=$dir" LC_ALL=ru_RU.UTF-8 --
	# whose decimal comma stays out of what programs read
	"${clean[@]}" "LOCPATH=$dir" LC_ALL=ru_RU.UTF-8 "$PAGESCAPE" snapshot -p $$ --json >"$dir/json"
	python3 -m json.tool "$dir/json" >/dev/null || fail 'JSON in ru_RU.UTF-8 is none'
	"${clean[@]}" "LOCPATH=$dir" LC_ALL=ru_RU.UTF-8 "$PAGESCAPE" why -p $$ | grep -qE '[0-9],[0-9]+ [KMG]iB' &&
		fail 'a decimal comma'
else
	echo "not tried: a generated ru_RU.UTF-8"
fi

# wrong ones, each one line and exit status 2
refused()
{
	local why=$1 out status
	shift
	out=$("${clean[@]}" LC_ALL=C.UTF-8 "$PAGESCAPE" "$@" 2>&1 >/dev/null </dev/null)
	status=$?
	[ $status = 2 ] && [ "$(wc -l <<<"$out")" = 1 ] && grep -qF "$why" <<<"$out" || fail "$*: $status: $out"
}
refused 'there are no messages in de' --lang de doctor
refused 'not a language code: ../x' --lang ../x doctor
refused 'это не код языка: ?' --lang ru --lang '?' doctor
refused 'нет такой темы' --lang ru --theme none doctor

# a program that is started gets the environment as it was
"${clean[@]}" LC_ALL=C.UTF-8 LANGUAGE=de "$PAGESCAPE" --lang ru record -o "$dir/env.pgs" -- env 2>/dev/null | tr -d "\r" >"$dir/env"
grep -qx 'LANGUAGE=de' "$dir/env" || fail "the program's LANGUAGE is $(grep LANGUAGE "$dir/env")"
"${clean[@]}" LC_ALL=C.UTF-8 "$PAGESCAPE" --lang ru record --force -o "$dir/env.pgs" -- env 2>/dev/null | tr -d "\r" >"$dir/env"
grep -q '^LC_ALL' "$dir/env" || fail 'the program got no environment'
grep '^LANGUAGE' "$dir/env" && fail 'the program got a LANGUAGE'

# what programs read is in English
russian_letters()
{
	LC_ALL=C.UTF-8 grep -qP '[\x{400}-\x{4ff}]' "$1"
}
ru() { "${clean[@]}" LC_ALL=C.UTF-8 "$PAGESCAPE" --lang ru "$@"; }
ru doctor >"$dir/text" || fail 'doctor'
russian_letters "$dir/text" || fail 'doctor is not in Russian'
# marks, names and texts each begin in their column; what goes on in the next line begins where the text does
LC_ALL=C.UTF-8 grep -nvE '^$|^[^ ].*|^  [^ ] [a-z0-9_]+ +[^ ]|^    [a-z0-9_]+ +[^ ]|^ {24}[^ ]' "$dir/text" && fail 'doctor: columns'
LC_ALL=C.UTF-8 grep -E '^  [^ ] [a-z_]' "$dir/text" | grep -vE '^.{23} [^ ]' && fail 'doctor: texts'
ru doctor --json >"$dir/json" || fail 'doctor --json'
# a session has reasons in the language of the recorder
"${clean[@]}" LC_ALL=C.UTF-8 "$PAGESCAPE" record --force -o "$dir/env.pgs" -- env >/dev/null 2>&1
# pictures, films and pages are for people; all others for programs
formats=$("$PAGESCAPE" export --help | sed -n '/FORMAT is one of$/,/^$/p' | sed -nE 's/^  ([a-z-]+) .*/\1/p' | grep -vxE 'svg|png|pdf|asciicast|html')
[ "$(wc -w <<<"$formats")" -ge 10 ] || fail "formats: $formats"
for format in $formats; do
	ru export "$format" "$dir/env.pgs" >"$dir/$format" 2>"$dir/err" || fail "export $format: $(cat "$dir/err")"
done
ru why "$dir/env.pgs" --json >"$dir/why" || fail 'why --json'
ru check 'resident of heap < 0 pages' -p $$ --junit "$dir/junit" >/dev/null 2>&1
for file in json $formats why junit; do
	[ -s "$dir/$file" ] || fail "$file is empty"
	# some are packed; in what is not text, three letters one after the other are a word
	zcat -f "$dir/$file" | LC_ALL=C.UTF-8 grep -a -qP '[\x{400}-\x{4ff}]{3}' && fail "$file has Russian words: $(zcat -f "$dir/$file" | LC_ALL=C.UTF-8 grep -a -m1 -oP '.{0,20}[\x{400}-\x{4ff}]{3}.{0,20}')"
done

# columns, with a program whose name has letters of two bytes and of two columns
mkdir "$dir/каталог"
cp "$(command -v sleep)" "$dir/каталог/спать_体"
"$dir/каталог/спать_体" 1000 &
pids+=($!)
# columns WHAT ROWS ARGUMENT...: of the lines that ROWS fits and the heading
columns()
{
	local what=$1 rows=$2
	shift 2
	grep -E -e "^ *$1" -e "$rows" "$dir/text" >"$dir/table"
	[ "$(wc -l <"$dir/table")" -gt 1 ] || fail "$what: no rows"
	python3 "$SRCDIR/cli/columns.py" "$@" <"$dir/table" || fail "$what: columns"
}
ru snapshot -p ${pids[-1]} >"$dir/text" || fail 'snapshot'
columns snapshot '^ *[0-9a-f]{8,} ' 'АДРЕС' АДРЕС:r РАЗМЕР:r RSS:r КЭШ:r ПРАВА:l ВИД:l
grep -q 'спать_体' "$dir/text" || fail 'snapshot: the name is not there'
ru why -p ${pids[-1]} >"$dir/text" || fail 'why'
grep -q 'Что на месте' "$dir/text" || fail 'why is not in Russian'
awk '/^  [^ ]/ && / (KiB|MiB) / { print }' "$dir/text" >"$dir/figures"
python3 - "$dir/figures" <<'END' || fail 'why: the figures do not end in one column'
import re, sys, unicodedata
ends = set()
for line in open(sys.argv[1], encoding="utf-8"):
    m = re.match(r" +\S.*? {2,}?([\d.]+ [KMG]iB)", line)
    if m:
        ends.add(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line[:m.end()]))
sys.exit(len(ends) != 1 or not ends)
END
ru record -f -o "$dir/a.pgs" sh -c '(echo); (echo)' >/dev/null 2>&1 || fail 'record'
ru record -o "$dir/b.pgs" "$dir/каталог/спать_体" 0 2>/dev/null || fail 'record'
ru diff "$dir/a.pgs" "$dir/b.pgs" >"$dir/text"
columns 'diff, states' '^[a-z]+ +[0-9]+ +[0-9]+' 'СОСТОЯНИЕ' СОСТОЯНИЕ:l A:r B:r
columns 'diff, regions' ' [r-][w-][x-][ps] ' 'ОТЛИЧИЙ' ОТЛИЧИЙ:r РАЗМЕР:r ПРАВА:l ВИД:l
grep -q 'спать_体' "$dir/text" || fail 'diff: the name is not there'
ru diff --touched "$dir/a.pgs" "$dir/b.pgs" >"$dir/text"
columns 'diff --touched' '^ *[0-9.]+% ' 'СХОЖИ' ЛЮБОЙ:r ОБА:r 'ЛИШЬ A:r' 'ЛИШЬ B:r' ЧТО:l
if ! faults_refused "$dir/err"; then
	ru faults -f --summary sh -c '(echo); (echo)' >"$dir/text" 2>/dev/null || fail 'faults'
	columns 'faults --summary' '^ *[0-9]+ +[0-9]+ +[0-9]+  ' 'СТРАНИЦ' СТРАНИЦ:r MINOR:r MAJOR:r
	columns 'forks' '^ *[0-9]+\.[0-9]{6} .*%' 'FORK' FORK:r ПОТОМОК:r РОД.:r ОБЩИХ:r КОПИЙ:r ПОТОМКОМ:r РОДИТЕЛЕМ:r
fi
ru lesson >"$dir/text" || fail 'lesson'
LC_ALL=C.UTF-8 awk '{ print substr($0, 18, 1) }' "$dir/text" | grep -q '^ ' && fail 'lesson: the list has no columns'
[ $failed -ne 0 ] || echo "ok"
exit "$failed"
