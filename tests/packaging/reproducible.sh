#!/bin/bash
# Two tarballs of one commit are the same, byte by byte: one from this build folder, one from a clone elsewhere,
# made by a user with another umask and time zone. Needs a clean checkout; about a minute.
set -eu
: "${SRCDIR:?make sets it}" "${BUILDDIR:?}"
top=$SRCDIR/.. build=$BUILDDIR/..

if ! git -C "$top" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	echo "ok - reproducible # SKIP this is not a git checkout"
	exit 77
fi
if [ -n "$(git -C "$top" status --porcelain -uno)" ]; then
	echo "ok - reproducible # SKIP there are uncommitted changes"
	exit 77
fi

dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
make -s -C "$build" dist >"$dir/log" 2>&1 || { cat "$dir/log"; echo "not ok - make dist"; exit 1; }
(
	umask 077
	unset SOURCE_DATE_EPOCH
	export TZ=Pacific/Auckland
	git clone -q "$top" "$dir/clone"
	cd "$dir/clone"
	autoreconf -fi
	mkdir other
	cd other
	../configure -q --prefix=/elsewhere
	make -s dist
) >"$dir/log" 2>&1 || { tail -n 20 "$dir/log"; echo "not ok - a clone makes no tarball"; exit 1; }

tarball=$(basename "$dir"/clone/other/*.tar.xz)
if cmp "$build/$tarball" "$dir/clone/other/$tarball"; then
	echo "ok - reproducible: $tarball, $(wc -c <"$build/$tarball") bytes, made twice"
	exit 0
fi
# sums DIRECTORY: what is in the tarball there, a line a file
sums() {
	tar -tvf "$1/$tarball"
	mkdir "$dir/unpacked"
	tar -C "$dir/unpacked" -xf "$1/$tarball"
	(cd "$dir/unpacked" && find . -type f -exec sha256sum {} + | sort -k 2)
	rm -rf "$dir/unpacked"
}
diff <(sums "$build") <(sums "$dir/clone/other") | head -n 20
echo "not ok - reproducible: two tarballs of one commit differ"
exit 1
