#!/bin/bash
# tags: the tag of a struct, union or enum is defined once in src: one meaning a word, also for what a file has for itself. The
# constants of an enum in a header begin as its tag or its file does.
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

# strangers HEADER...: constants that begin neither as the tag of their enum nor as their file
strangers() {
	awk '
	FNR == 1 { inside = 0; stem = FILENAME; sub(/.*\//, "", stem); sub(/[_.].*/, "", stem); sub(/s$/, "", stem); stem = toupper(stem) }
	/^enum ([a-z0-9_]+ )?\{$/ { inside = 1; tag = NF == 3 ? toupper($2) : stem; sub(/_.*/, "", tag); next }
	/^}/ { inside = 0 }
	/^enum ([a-z0-9_]+ )?\{ .*\}/ {
		tag = $2 == "{" ? stem : toupper($2)
		sub(/_.*/, "", tag)
		list = $0
		sub(/^[^{]*\{ */, "", list)
		sub(/ *\}.*/, "", list)
		gsub(/ *=[^,]*/, "", list)
		n = split(list, names, /, */)
		for (i = 1; i <= n; i++) {
			found++
			if (index(names[i], tag) != 1 && index(names[i], stem) != 1) print FILENAME ":" FNR ": " names[i]
		}
	}
	inside && match($0, /^\t[A-Z0-9_]+/) {
		found++
		name = substr($0, 2, RLENGTH - 1)
		if (index(name, tag) != 1 && index(name, stem) != 1) print FILENAME ":" FNR ": " name
	}
	END { if (found < 2) print "no constants were found" }' "$@"
}

mapfile -t headers < <(find . -name '*.h')
none "constants begin as their enum or their file does" < <(strangers "${headers[@]}")
printf 'enum page_run {\n\tPAGE_ONE, /* 1 */\n\tRUN_TWO,\n};\nenum page_way { WAY_IN = 3, PAGE_OUT };\n' >"$try"
[ "$(strangers "$try")" = "$try:3: RUN_TWO"$'\n'"$try:5: WAY_IN" ]
result $? "one that begins otherwise is noticed"
exit "$status"
