#!/bin/bash
# sizes: no function of more than 60 lines, no file of more than 600, no struct of more than 20 fields but those
# that are named below.
#
# A function's lines are all from the one with its name to the brace that closes it; a file's all lines, blank ones
# and comments too. Fields of a struct are counted by declarator ("a, b" are two); a struct within it is one.
# shellcheck source=tests/common.sh
. "${SRCDIR:?}/common.sh"
cd "$SRCDIR/.." || exit 1

# Structs with more: how many fields they may have, and why they are not cut into parts.
large='
source_ops 35 a table row: what a source can do, a function each
options 21 the command line: a member is already a group of options
process 22 the parts of what is kept of a process, a member each
amounts 21 sums of one kind, each a row of the verdict
'

files() { find src tests -name '*.[ch]' | sort; }

# Prints what is too large: "KIND NAME SIZE PLACE"
measure() {
	files | xargs awk '
	FNR == 1 { body = struct = comment = 0 }
	# a struct, at the left margin, up to its brace there
	/^(static |const )*(struct|union) [a-z0-9_]+ \{$/ {
		struct = $(NF - 1); fields = depth = comment = 0; place = FILENAME ":" FNR; next
	}
	struct {
		line = $0
		while (match(line, /\/\*[^*]*(\*+[^*\/][^*]*)*\*+\//))
			line = substr(line, 1, RSTART - 1) substr(line, RSTART + RLENGTH)
		if (comment && !sub(/^.*\*\//, "", line)) next
		comment = sub(/\/\*.*/, "", line)
		if (depth == 0 && line ~ /^}/) { print "struct", struct, fields, place; struct = 0; next }
		opened = gsub(/\{/, "{", line); closed = gsub(/}/, "}", line)
		# what is in the brackets of a function pointer is not a field
		while (gsub(/\([^()]*\)/, "", line));
		if (depth + opened - closed == 0) fields += gsub(/[;,]/, "", line)
		depth += opened - closed
		next
	}
	# a function: the last line at the left margin with a bracket has its name
	/^[A-Za-z_].*\(/ { start = FNR; name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
	/^\{/ { body = 1 }
	/^}/ && body { print "function", name, FNR - start + 1, FILENAME ":" start; body = 0 }'
	files | xargs wc -l | awk '$2 != "total" { print "file", $2, $1, $2 }'
}

sizes=$(measure)
[ "$(grep -c '^function' <<<"$sizes")" -gt 3000 ] && [ "$(grep -c '^struct' <<<"$sizes")" -gt 500 ] ||
	{ echo "not ok - functions and structs are found"; exit 1; }
none "no function has more than 60 lines" < <(awk '$1 == "function" && $3 > 60' <<<"$sizes")
none "no file has more than 600 lines" < <(awk '$1 == "file" && $3 > 600' <<<"$sizes")
none "no struct has more than 20 fields, or than a large one may have" < <(
	awk 'NR == FNR { may[$1] = $2; next } $1 == "struct" && $3 > (may[$2] ? may[$2] : 20)' <(echo "$large") - <<<"$sizes"
)
none "each large struct is still one" < <(
	awk 'NR == FNR { if ($1 == "struct") has[$2] = $3; next } $1 && has[$1] != $2 { print $1 ": " has[$1] " fields" }' \
		<(echo "$sizes") - <<<"$large"
)
exit "$status"
