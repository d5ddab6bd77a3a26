#!/bin/bash
# format: each C file is formatted by .clang-format. Versions of clang-format differ, so only
# that of Debian 12 counts. GENERATE=1 formats what differs.
cd "${SRCDIR:?}/.." || exit 1
format=$(command -v clang-format-14 || command -v clang-format) || { echo "ok - format # SKIP clang-format is not installed"; exit 77; }
case $("$format" --version) in
*' version 14.'*) ;;
*) echo "ok - format # SKIP $("$format" --version) is not version 14"; exit 77 ;;
esac

mapfile -t files < <(find src tests data -name '*.[ch]' | sort)
[ ${#files[@]} -gt 200 ] || { echo "not ok - only ${#files[@]} files were found"; exit 1; }
[ -z "${GENERATE-}" ] || "$format" -i "${files[@]}"
if ! "$format" --dry-run --Werror "${files[@]}" 2>&1 | awk -F: '/error:/ { n[$1]++ } END { for (f in n) { print f ": " n[f] " places"; bad = 1 } exit bad }'; then
	echo "not ok - files are not formatted (GENERATE=1 formats them)"
	exit 1
fi
echo "ok - ${#files[@]} files are formatted"
