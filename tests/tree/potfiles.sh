#!/bin/bash
# potfiles: po/POTFILES.in lists each source file with a string to translate, and no
# others, in order. GENERATE=1 rewrites it.
cd "${SRCDIR:?}/.." || exit 1

have=$(grep -rlE --include='*.[ch]' '\<N?_\("' src | grep -v '^src/base/i18n\.h$' | LC_ALL=C sort)
[ -z "${GENERATE-}" ] || printf '%s\n' "$have" >po/POTFILES.in
listed=$(grep -v '^#' po/POTFILES.in)
if ! diff <(printf '%s\n' "$listed") <(printf '%s\n' "$have"); then
	echo "not ok - po/POTFILES.in is not what src has (< listed, > in src): GENERATE=1 writes it anew"
	exit 1
fi
echo "ok - po/POTFILES.in lists what has strings"
