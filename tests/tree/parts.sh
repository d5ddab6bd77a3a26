#!/bin/bash
# parts: the parts of an object know each other by their functions alone (doc/INTERNALS.md, "Parts"). The struct that
# is named as its file is a part, and only that file uses its fields. The compiler finds who else does: in copies of the
# headers these fields are deprecated, so it warns of each use.
# shellcheck source=tests/common.sh
. "${SRCDIR:?}/common.sh"
cd "$SRCDIR/.." || exit 1

# plain data, which others fill in and read: what all parts of the live source know, where a process comes from, who
# answers requests, what is known of a touched page, what the head of a block says
data='live/watch live/descent live/requests live/touch store/block'
# parts within the file of another
inner='fault_balance tracee step_thread track_iter'

try=$(mktemp -d) || exit 99
trap 'rm -rf "$try"' EXIT
# gcc, whatever the tree is built with: clang does not only take the comments out
cc=$(command -v gcc || command -v cc)
export LC_ALL=C

# guard OUT FILE...: headers as in src, in OUT, but of each part (as far as its file is one) the fields are deprecated, in
# favour of its file
guard() {
	local out=$1 header part
	shift
	for header; do
		part=${header#src/} part=${part%.h}
		mkdir -p "$out/${part%/*}"
		$cc -fpreprocessed -dD -E -P "$header" 2>/dev/null |
			awk -v part="$part" -v name="${part##*/}" -v inner=" $inner " '
			function mark() {
				gsub(/[;{][ \t]*/, "&__attribute__((deprecated(\"" part "\"))) ", body)
				gsub(/__attribute__\(\(deprecated\("[a-z_\/]*"\)\)\) *}/, "}", body)
				sub(/__attribute__\(\(deprecated\("[a-z_\/]*"\)\)\) *$/, "", body)
				print body
			}
			/^struct [a-z_]+ \{/ && ($2 == name || $2 == "live_" name || index(inner, " " $2 " ")) { inside = 1; body = "" }
			inside && /^}/ { mark(); inside = 0 }
			inside { body = body " " $0; next }
			{ print }' >"$out/$part.h"
	done
}

# uses HEADERS FILE...: "FILE:LINE: FIELD of PART" for each use of a field of a part by another file; what cannot be compiled
# is in it, too
uses() {
	local headers=$1 file
	shift
	for file; do
		$cc -std=gnu11 -fsyntax-only -iquote "$headers" -iquote src -Isrc -I"$BUILDDIR/.." -include config.h "$file" 2>&1 |
			sed -nE 's|^([^:]*):([0-9]+):[0-9]+: warning: .([a-z_0-9]+). is deprecated: ([a-z_/]+) .*|\1 \2 \3 \4|p; s|^([^:]*):([0-9]+):.* error: .*|\1 \2 error cc|p'
	done | awk '
	{
		file = $1
		sub(/^.*src\//, "", file)
		sub(/^'"${headers//\//\\/}"'\//, "", file)
		sub(/\.[ch]$/, "", file)
		if (file != $4) print "src/" file ":" $2 ": " $3 " of " $4
	}' | sort -u
}

mapfile -t headers < <(find src/live src/trace src/store -name '*.h' | grep -vxF "$(printf 'src/%s.h\n' $data)")
mapfile -t sources < <(find src/live src/trace src/store -name '*.c')
guard "$try" "${headers[@]}"
none "no file uses the fields of a part that another file owns" < <(uses "$try" "${sources[@]}")

# proof that this finds something: fields of parts are known, and another's use of one is noticed, also within another part
cat >"$try/reaches.c" <<'END'
#include "live/fault_reader.h"
size_t reaches(struct fault_reader *f)
{
	f->waits = true;
	return f->pages.touches.count + fault_pages_parts(&f->pages);
}
END
[ "$(grep -l deprecated "$try"/*/*.h | wc -l)" -gt 30 ] &&
	[ "$(uses "$try" "$try/reaches.c" | sed 's/.*: //')" = "waits of live/fault_reader
count of live/touches
pages of live/fault_reader
touches of live/fault_pages" ]
result $? "who uses another's fields is noticed"
exit "$status"
