#!/bin/bash
# A function whose name would turn the direction of writing, and holds a control character of one byte and of two,
# and one that colours: it does no harm in any table, report or export, and can be read there.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
# shellcheck source=tests/cli/tables.sh
. "$SRCDIR/cli/tables.sh"
if faults_refused "$dir/why"; then
	cat "$dir/why"
	exit 77
fi
head -c $((64 * 4096)) /dev/urandom >"$dir/data"
LC_ALL=C sed 's/touch_one_page_now/touch\xe2\x80\xaeone\xc2\x9b\x1b[1m\x9b/g' "$BUILDDIR/cli/toucher" >"$dir/toucher"
chmod +x "$dir/toucher"
LC_ALL=C grep -a -q -P 'touch\xe2\x80\xaeone' "$dir/toucher" || fail 'the program has no function with that name'
run=("$dir/toucher" "$dir/data" {0..63})

# harmless NAME: the file of that name has none of these characters
harmless()
{
	LC_ALL=C grep -n -a -P '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]' "$dir/$1" && fail "$1: control characters"
}

# shows NAME: it can be read there
shows()
{
	grep -a -q 'touch\\\{1,2\}u202[eE]one\\\{1,2\}\(x\|u00\)9[bB]\\\{1,2\}\(x\|u00\)1[bB]\\\{0,1\}\[1m' "$dir/$1" || fail "$1: no such function"
}

"$PAGESCAPE" record -o "$dir/session" "${run[@]}" >/dev/null 2>"$dir/err" || fail "record: $(cat "$dir/err")"
for format in $formats; do
	"$PAGESCAPE" export "$format" "$dir/session" -o "$dir/$format" 2>"$dir/err" || fail "$format: $(cat "$dir/err")"
	case $format in
	png | pdf) ;; # drawn
	asciicast) # the film of a screen: escape sequences, but not these
		LC_ALL=C grep -q -P '\xc2\x9b|\xe2\x80\xae|u009b|u202e|touch.{0,20}u001b\[1m' "$dir/$format" && fail "$format: control characters" ;;
	sqlite | pprof | perfetto)
		zcat -f "$dir/$format" >"$dir/plain"
		LC_ALL=C grep -a -q -P '\xe2\x80\xae|one\xc2\x9b|\x1b\[1m' "$dir/plain" && fail "$format: control characters"
		shows plain ;;
	jsonl | csv-faults | folded | speedscope)
		harmless "$format"
		shows "$format" ;;
	*) harmless "$format" ;;
	esac
done
# say NAME COMMAND...
say()
{
	local name=$1
	shift
	"$PAGESCAPE" "$@" >"$dir/$name" 2>"$dir/err" || fail "$name: $(cat "$dir/err")"
	harmless "$name"
	shows "$name"
}
say why-json why --json "$dir/session"
say faults faults -- "${run[@]}"
say faults-stacks faults --stacks -- "${run[@]}"
say faults-json faults --json -- "${run[@]}"
say faults-summary faults --summary -- "${run[@]}"
say faults-own faults --summary --by-own -- "${run[@]}"
for form in '' --markdown; do
	"$PAGESCAPE" why $form "$dir/session" >"$dir/why" || fail "why $form"
	harmless why
	grep -q 'touch.*u202e' "$dir/why" || fail "why $form: no such function"
done
exit "$failed"
