#!/bin/bash
# Whose code it was: faults in the allocator and in memset are counted for the function of the
# program's own that called them, with these below it; and faults are filtered. On a target that
# knows how many pages each of its functions took.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
export LC_ALL=C.UTF-8
evidence=("$work/out" "$work/err")
target=$BUILDDIR/live/own_target
pages=700

faults() {
	"$PAGESCAPE" faults "$@" >"$work/out" 2>"$work/err" </dev/null
	local ended=$?
	if [ $ended = 1 ] && faults_refused "$work/err"; then
		echo "ok # SKIP $(cat "$work/err")"
		exit 77
	fi
	return $ended
}

# count TABLE NAME: the pages of the row of that name in a table, not of what is below another
count() {
	awk -v table="$1" -v name="$2" '
		$1 == "PAGES" { inside = index($0, table) > 0; next }
		inside && $0 ~ "^ +[0-9]+ +[0-9]+ +[0-9]+  " name { print $1 }' "$work/out"
}

# within NUMBER LOW HIGH
within() {
	[ "${1:-0}" -ge "$2" ] && [ "$1" -le "$3" ]
}

faults --by-own "$target" $pages
result $? "--by-own runs"
within "$(count OWN cache_insert)" 950 1100
result $? "the allocator's pages are cache_insert's"
within "$(count OWN load)" $pages $((pages + 20))
result $? "the pages of memset are load's"
[ "$(count FUNCTION load)" != "$(count OWN load)" ]
result $? "by the innermost function they are not"
grep -qE '^ +[0-9]+ +[0-9]+ +[0-9]+    [^ ]*memset[^ ]* |code without a name \(libc' "$work/out"
result $? "below load stands what it called"
! grep -qE '^ +[0-9]+ +[0-9]+ +[0-9]+ +\(' "$work/out"
result $? "no file stands without a word"

# the program is not own code if the user says so
faults --by-own --own /nowhere "$target" $pages
result $? "--own runs"
[ -z "$(count OWN load)" ] && grep -q 'no code of its own\|before any code of its own' "$work/out"
result $? "--own: nothing of it is one's own"
faults --by-own --own "/nowhere:$(dirname "$target")" "$target" $pages
within "$(count OWN load)" $pages $((pages + 20))
result $? "--own: a directory that it is in"

faults --filter 'in:load cause:zero-fill' "$target" $pages
result $? "--filter runs"
lines=$(grep -c 'zero-fill' "$work/out")
within "$lines" $pages $((pages + 20))
result $? "only what fits is printed"
tail -n 1 "$work/out" | grep -qE "^$lines minor, 0 major, 0 lost.*; [0-9]+ left out by the filter$"
result $? "the summary says how many were left out"
faults --json --filter 'func:no-such-function' "$target" $pages
result $? "--filter and --json run"
[ "$(wc -l <"$work/out")" = 1 ] && grep -qE '^\{"event": "summary", "minor": 0, .*"left_out": [1-9]' "$work/out"
result $? "nothing fits, and the summary says so"
faults --summary --filter 'func:no-such-function' "$target" $pages
[ $? = 0 ] && grep -q '^no faults to add up$' "$work/out" && ! grep -q PAGES "$work/out"
result $? "tables of nothing say so"
faults --filter 'zzz:1' "$target"
[ $? = 2 ] && grep -q 'no such filter as "zzz:"' "$work/err" && [ ! -s "$work/out" ]
result $? "a key that there is not"
exit $status
