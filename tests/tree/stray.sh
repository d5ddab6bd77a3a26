#!/bin/bash
# stray: the tree has no binary files except those that tests and documents need, and at its root nothing
# but what belongs there.
cd "${SRCDIR:?}/.." || exit 1
git rev-parse --is-inside-work-tree >/dev/null 2>&1 || { echo "ok - stray # SKIP this is not a git checkout"; exit 77; }

allowed='^(doc/[a-z-]+(\.[a-z]+)?\.png|tests/session/v1[a-z-]*\.pgs|tests/fuzz/corpus/[a-z_]+/[^/]+|tests/fixtures/.+|po/[a-zA-Z_]+\.mo)$'
# binary is what git would not show as text
mapfile -t binary < <(git diff --numstat --no-renames "$(git hash-object -t tree /dev/null)" HEAD -- |
	awk '$1 == "-" { print $3 }')
[ ${#binary[@]} -gt 2 ] || { echo "not ok - not even the pictures were found"; exit 1; }
bad=0
for file in "${binary[@]}"; do
	[[ $file =~ $allowed ]] || { echo "$file is a binary file"; bad=1; }
done
root='^(\.ci|\.clang-format|\.gitignore|\.gitattributes|ABOUT-NLS|AUTHORS|ChangeLog|COPYING|LICENSE|Makefile\.am|NEWS|README[a-z.]*|bootstrap|configure\.ac|data|debian|doc|m4|man|packaging|po|src|tests)$'
while read -r file; do
	[[ $file =~ $root ]] || { echo "$file lies at the root"; bad=1; }
done < <(git ls-tree --name-only HEAD)
if [ "$bad" = 1 ]; then
	echo "not ok - stray files: remove them, or allow them in tests/tree/stray.sh"
	exit 1
fi
echo "ok - no stray files"
