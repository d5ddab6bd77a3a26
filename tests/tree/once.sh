#!/bin/bash
# once: what base has is not written again: min, max, clamp (base/minmax.h); a file's own name (base/path.h); how a
# text begins and ends (base/text.h); memory and its copies (base/mem.h); hashes (base/hash.h); a second (base/clock.h).
# shellcheck source=tests/common.sh
. "${SRCDIR:?}/common.sh"
cd "$SRCDIR/../src" || exit 1

# sources REGEX FILE: where it occurs, except in base's own file
sources() { grep -rnE --include='*.[ch]' "$1" -- * | grep -vE "^($2):"; }

# clamps FILE...: "if (a > b) a = b; if (a < c) a = c;", in either order. One alone is the sum of a loop, such as the
# greatest so far.
clamps() {
	awk '
	function bound(test, set, t, s) { # the variable that is bounded, "" if none is
		if (test !~ /^\t+if \([^&|]+ [<>]=? [^&|]+\)$/ || set !~ /^\t+[^=]+ = [^=]+;$/)
			return ""
		sub(/^\t+if \(/, "", test)
		sub(/\)$/, "", test)
		split(test, t, / [<>]=? /)
		sub(/^\t+/, "", set)
		split(set, s, / = /)
		return t[1] == s[1] || t[2] == s[1] ? s[1] : ""
	}
	FNR == 1 { a = b = c = "" }
	{
		of = bound(a, b)
		if (of != "" && of == bound(c, $0))
			print FILENAME ":" FNR - 3 ": " of
		a = b
		b = c
		c = $0
	}' "$@"
}

# "a < b ? a : b" with any comparison, in either order; each side a name, a member, a call or a number
side='[A-Za-z_0-9][][A-Za-z_0-9.>()-]*'
none "a second is base's" < <(sources '\b1000000000\b' 'base/clock.h|ui/command_time.c|cmd/option_values.c')

none "min and max are base's" < <(
	sources "([=(,:?] |return |\()($side) [<>]=? ($side) \? (\2 : \3|\3 : \2)[;,)]" base/minmax.h
)
mapfile -t all < <(find . -name '*.[ch]')
none "clamp is base's" < <(clamps "${all[@]}")
none "the name within a path is base's" < <(
	sources "'/'\) *\+ 1|[sS]lash \? [a-z]*[sS]lash \+ 1|slash\[1\]|\? base \+ 1" base/path.c
)
# lengths that are part of what is compared (a word up to a blank) are not a text's own
none "no beginning of a text is compared by a length counted by hand" < <(
	sources 'strncmp\([^;]*(, [0-9]+\)|strlen\()' base/text.c
)
none "no beginning is compared by the length of what it is compared with" < <(
	sources 'n?cmp\([^;]*\bsizeof [a-z]+ - 1\)' base/text.c
)
none "no end of a text is compared by hand" < <(
	sources 'cmp\([^;,]* \+ [^;,]*(len|length|strlen\([^)]*\)) - ' base/text.c
)
# others: 64 bits that stand for what is not kept (stopped_stacks, source_text, symbolizer, perfetto), colours that
# must not change (chart_flame), and slots of caches that know where neighbours belong (stories, unwind_memo)
none "a copy of memory is base's" < <(
	awk 'FNR == 1 { size = "" }
	size != "" && /memcpy\(/ && index($0, ", " size ");") { print FILENAME ":" FNR ": " $0 }
	{ size = match($0, /= mem_alloc\(.*\);$/) ? substr($0, RSTART + 12, RLENGTH - 14) : "" }' "${all[@]}"
)
none "memory is base's, which ends the program where there is none" < <(
	sources '(^|[^_a-z>.])(malloc|calloc|realloc|strdup|strndup)\(' base/mem.c
)
none "hashes are base's" < <(
	sources '(0x9e3779b|2654435761|16777619|2166136261|0xcbf29ce4|0x100000001b3|0xff51afd7)' \
		'base/hash\.[ch]|trace/stopped_stacks\.c|symbol/(source_text|symbolizer|unwind_memo)\.c|export/(perfetto|chart_flame)\.c|model/stories\.c'
)

try=$(mktemp --suffix=.c) || exit 99
trap 'rm -f "$try"' EXIT
printf '\tif (v->top > most)\n\t\tv->top = most;\n\tif (v->top < 0)\n\t\tv->top = 0;\n' >"$try"
[ "$(clamps "$try")" = "$try:1: v->top" ]
result $? "a clamp by hand is noticed"
exit "$status"
