#!/bin/bash
# internals: what doc/INTERNALS.md names is there: each file, struct, enum, value and function. What is renamed or moved is
# renamed there, too.
# shellcheck source=tests/common.sh
. "${SRCDIR:?}/common.sh"
cd "$SRCDIR/.." || exit 1

# names of the kernel's and of libraries, and keys of ours that are no names of C
others='^(kpagecount|kpageflags|page_fault_\*|F_SETOWN_EX|F_SETSIG|MAP_POPULATE|O_ASYNC|PAGEMAP_SCAN|PTRACE_[A-Z_]+)$'

# gone FILE: what it has in backquotes and is no longer there
gone() {
	{
		{ find src data tests po man doc -type f; ls -- *.md; } | sed 's/^/path /'
		cat src/*.c src/*/*.[ch] src/*/*/*.[ch] | grep -oE '[A-Za-z_][A-Za-z0-9_]*' | sort -u | sed 's/^/word /'
		# a span of code may run on in the next line
		tr '\n' ' ' <"$1" | grep -oE '`[^`]+`' | tr -d '`' | sort -u | sed 's/^/name /'
	} | awk -v others="$others" '
	$1 == "path" {
		paths[$2]
		sub(/^src\//, "", $2)
		while (1) { # by its path in src, or any end of it
			paths[$2]
			stem = $2
			if (sub(/\.[a-z]+$/, "", stem)) paths[stem]
			if (!sub(/^[^\/]*\//, "", $2)) break
		}
		next
	}
	$1 == "word" { words[$2]; next }
	{ sub(/^name /, "") }
	# made up, or patterns
	/^\.|NAME|LANGUAGE|\*|\.\.\.|[(),%:<>=-]/ && !/^(struct|enum) / { next }
	/^(const )?(struct|enum) [a-z_]+$/ { if (!($NF in words)) print; next }
	/[a-z]\.(c|h|sh|py|js|mk|md|am)$/ { if (!($0 in paths)) print; next }
	/^[a-z]+(\/[a-z_]+)+\/?$/ { sub(/\/$/, ""); if (!($0 in paths)) { n = split($0, part, "/"); dir = 0; for (p in paths) if (index(p, $0 "/") == 1) { dir = 1; break } if (!dir) print } next }
	/^[a-z_]+\.[a-z_]+$/ { split($0, member, "."); for (i in member) if (!(member[i] in words)) { print; next } next }
	/^[A-Za-z_]+$/ && /_/ && $0 !~ others && !($0 in words) { print }'
}

none "what INTERNALS names is there" < <(gone doc/INTERNALS.md)

try=$(mktemp) || exit 99
trap 'rm -f "$try"' EXIT
printf 'See `store/tracks.h` and `src/ghosts`, `struct track_list`, `track_update`, `SOURCE_GHOST`,\n`track.cupboard`: `store/track.h`, `struct track`, `track_refresh`.\n' >"$try"
[ "$(gone "$try" | sort)" = "$(printf '%s\n' SOURCE_GHOST src/ghosts store/tracks.h 'struct track_list' track.cupboard track_update | sort)" ]
result $? "what is no more is noticed"
exit "$status"
