#!/bin/bash
# Everything that names the version names that of configure.ac.
cd "$SRCDIR/.." || exit 1
bad=0
version=$(sed -nE 's/^AC_INIT\(\[pagescape\], \[([^]]+)\].*/\1/p' configure.ac)
[ -n "$version" ] || { echo "not ok - configure.ac has no version"; exit 1; }

# names FILE VERSION: the file's version, as it was found, is the one
names() {
	[ "$2" = "$version" ] || { echo "$1 says '$2', configure.ac $version"; bad=1; }
}
names NEWS "$(sed -nE '1s/^pagescape ([^ ]+) - .*/\1/p' NEWS)"
names debian/changelog "$(sed -nE '1s/^pagescape \(([^-)]+)(-[^)]*)?\) .*/\1/p' debian/changelog)"
names "pagescape --version" "$("${PAGESCAPE:-$BUILDDIR/../src/pagescape}" --version | sed -nE '1s/^pagescape //p')"
for file in data/org.example.pagescape.metainfo.xml packaging/pagescape.spec packaging/arch/PKGBUILD packaging/alpine/APKBUILD; do
	grep -q '@PACKAGE_VERSION@' "$file.in" || { echo "$file.in does not take the version from configure.ac"; bad=1; }
	grep -qE "(version=\"|^Version: +|^pkgver=)$version(\"|$)" "$BUILDDIR/../$file" || { echo "$file: not $version"; bad=1; }
done
[ "$bad" = 0 ] && echo "ok - versions: all say $version" || echo "not ok - versions"
exit $bad
