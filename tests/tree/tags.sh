#!/bin/bash
# tags: the tag of a struct, union or enum is defined once in src: one meaning a word, also for what a file has for itself.
# shellcheck source=tests/common.sh
. "${SRCDIR:?}/common.sh"
cd "$SRCDIR/../src" || exit 1

# twice FILE...: the tags that are defined more than once, each with its places
twice() {
	grep -HnoE '\b(struct|union|enum) [a-z0-9_]+ \{' "$@" | awk -F'[: ]' '
	{ places[$4] = places[$4] " " $1 ":" $2; count[$4]++ }
	END { for (tag in count) if (count[tag] > 1) print tag places[tag] }'
}

mapfile -t files < <(find . -name '*.[ch]')
none "each tag is defined once" < <(twice "${files[@]}")
try=$(mktemp --suffix=.c) || exit 99
trap 'rm -f "$try"' EXIT
printf 'struct page_run {\n\tint x;\n};\nstatic const enum page_run {\n\tONE\n} runs[] = {\n' >"$try"
[ "$(twice "$try")" = "page_run $try:1 $try:4" ]
result $? "a tag that is defined twice is noticed"
exit "$status"
