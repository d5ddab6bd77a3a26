#!/bin/bash
# manual_installed: make install puts each manual page where man finds it, in its language, and make uninstall takes
# it away again.
set -u
: "${SRCDIR:?make check sets it}" "${BUILDDIR:?}"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
status=0

report() { # NAME CONDITION...
	local name=$1
	shift
	if "$@"; then echo "ok - $name"; else echo "not ok - $name"; status=1; fi
}
in_man() {
	make -s -C "$BUILDDIR/../man" "$1" mandir="$dir/man" >"$dir/log" 2>&1 || { cat "$dir/log"; return 1; }
}
# whether man shows that text; man alone decides where the page is
shows() { # TEXT ARGUMENT...
	local text=$1
	shift
	env -u LANGUAGE LC_ALL=C.UTF-8 MANPATH="$dir/man" MANPAGER=cat "$@" 2>"$dir/err" | col -b >"$dir/shown"
	grep -q "$text" "$dir/shown" || { head -5 "$dir/err" "$dir/shown"; return 1; }
}
all_installed() {
	local page where
	cd "$SRCDIR/../man" || return 1
	for page in *.[1-9] ??/*.[1-9]; do
		where=$dir/man/man${page##*.}/$page
		[ "${page%/*}" = "$page" ] || where=$dir/man/${page%/*}/man${page##*.}/${page##*/}
		cmp "$page" "$where" || return 1
	done
}
none_left() { [ -z "$(find "$dir/man" -type f)" ]; }

report "the manual is installed" in_man install
report "each page in its language and section" all_installed
if ! man --version 2>/dev/null | grep -q '^man 2'; then
	echo "ok - man finds them # SKIP man-db is not installed"
else
	report "man shows the English page" shows '^NAME$' man pagescape
	report "man -L ru shows the Russian page" shows '^ИМЯ$' man -L ru pagescape
	report "man -L ru shows those of the formats" shows '^ОЖИДАНИЯ$' man -L ru 5 pagescape-lesson
fi
report "the manual is uninstalled" in_man uninstall
report "nothing of it is left" none_left
exit $status
