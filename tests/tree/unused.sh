#!/bin/bash
# unused: nothing is left of what a file had for itself: a macro or a table that nothing names any more. The compiler
# does not report it. Nor of what a header has: a macro that no other file, nor the header itself, names.
# shellcheck source=tests/common.sh
. "${SRCDIR:?}/common.sh"
cd "$SRCDIR/.." || exit 1

# what headers of a library or of the system look for, not the file itself
asked='^(_GNU_SOURCE|_FILE_OFFSET_BITS|ZLIB_CONST)$'

# unused FILE...: macros and static tables of .c files that stand there once
unused() {
	awk -v asked="$asked" '
	FNR == 1 { report() }
	function report(name) {
		for (name in where)
			if (count[name] == 1 && name !~ asked)
				print where[name] ": " name
		delete where
		delete count
	}
	/^[ \t]*#[ \t]*define / { name = $0; sub(/^[ \t]*#[ \t]*define +/, "", name); sub(/[^A-Za-z0-9_].*/, "", name); where[name] = FILENAME ":" FNR }
	/^[ \t]*static / && match($0, /[A-Za-z0-9_]+(\[[^]]*\])* =/) {
		name = substr($0, RSTART, RLENGTH)
		sub(/[^A-Za-z0-9_].*/, "", name)
		where[name] = FILENAME ":" FNR
	}
	{
		line = $0
		gsub(/[^A-Za-z0-9_]+/, " ", line)
		words = split(line, word, " ")
		for (i = 1; i <= words; i++)
			count[word[i]]++
	}
	END { report() }
	' "$@"
}

mapfile -t sources < <(find src -name '*.c')
mapfile -t headers < <(find src -name '*.h')
none "no macro and no table of a file is unused" < <(unused "${sources[@]}")

# words of all files, each file's once: a macro that only its own header names once is unused
none "no macro of a header is unused" < <(
	{
		sed -nE 's/^#define ([A-Za-z0-9][A-Za-z0-9_]+).*/macro \1/p' "${headers[@]}"
		cat "${sources[@]}" "${headers[@]}" tests/*/*.[ch] | grep -oE '[A-Za-z_][A-Za-z0-9_]+'
	} | awk '$1 == "macro" && NF == 2 { macro[$2] = 1; next } { count[$1]++ } END { for (name in macro) if (count[name] < 2) print name }'
)

try=$(mktemp --suffix=.c) || exit 99
trap 'rm -f "$try"' EXIT
printf '#define GROWTH 4\n#define USED 1\nstatic const char *const names[] = { "a" };\nint f(void)\n{\n\treturn USED;\n}\n' >"$try"
[ "$(unused "$try" | sort)" = "$try:1: GROWTH
$try:3: names" ] && [ "${#sources[@]}" -gt 100 ]
result $? "an unused macro and an unused table are noticed"
exit "$status"
