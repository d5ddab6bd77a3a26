#!/bin/bash
# The Debian package: builds from a clean clone, pleases lintian, and in a fresh chroot of this machine's release it
# installs, does its main job, has its manual, and leaves nothing when it is purged.
#
#   debian.sh [PACKAGE.deb]     without one, it is built
#
# Needs root, dpkg-dev, debhelper, lintian, mmdebstrap, and a mirror in this machine's /etc/apt.
set -u
: "${SRCDIR:?make sets it}"
failed=0

skip() {
	echo "ok - package # SKIP $1"
	exit 77
}

# step NAME COMMAND...: says how it went; its output only where it failed
step() {
	local name=$1
	shift
	if "$@" >"$dir/log" 2>&1; then
		echo "ok - $name"
		return 0
	fi
	tail -n 40 "$dir/log"
	echo "not ok - $name"
	failed=1
	return 1
}

[ "$(id -u)" = 0 ] || skip "only root makes a chroot"
for tool in dpkg-buildpackage dh lintian mmdebstrap; do
	command -v $tool >/dev/null || skip "there is no $tool here"
done
# mounts of our own, which end with this script
[ -n "${OWN_MOUNTS-}" ] || OWN_MOUNTS=yes exec unshare --mount --propagation private bash "$0" "$@"

dir=$(mktemp -d /var/tmp/pagescape-package.XXXXXX)
cleanup() {
	for mounted in proc dev/pts; do
		! mountpoint -q "$dir/root/$mounted" || umount "$dir/root/$mounted" || exit 1
	done
	rm -rf --one-file-system "$dir"
}
trap cleanup EXIT
shopt -s nullglob
# shellcheck disable=SC1091 # of the machine
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
sources=(/etc/apt/sources.list.d/*.sources)
[ ! -s /etc/apt/sources.list ] || sources+=(/etc/apt/sources.list)

build() {
	git clone -q "$SRCDIR/.." "$dir/pagescape" && cd "$dir/pagescape" &&
		dpkg-buildpackage -us -uc --build=full -j"$(nproc)" >"$dir/build.log" 2>&1 ||
		{ tail -n 30 "$dir/build.log"; return 1; }
}

# Warnings count, pedantic ones are shown.
check_with_lintian() {
	lintian --allow-root --pedantic --display-info --fail-on error,warning,info "$dir"/*.changes
}

in_chroot() {
	chroot "$dir/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive AUTOPKGTEST_TMP=/root "$@"
}

make_chroot() {
	mmdebstrap --variant=minbase --include=man-db,procps,file "$release" "$dir/root" "${sources[@]}" &&
		cp /etc/resolv.conf "$dir/root/etc" && cp -n /etc/apt/apt.conf.d/* "$dir/root/etc/apt/apt.conf.d/" &&
		mount -t proc proc "$dir/root/proc" &&
		mount -t devpts -o newinstance,ptmxmode=666 devpts "$dir/root/dev/pts" &&
		ln -sf pts/ptmx "$dir/root/dev/ptmx" && in_chroot apt-get -q update
}

files_of_chroot() {
	(cd "$dir/root" && find . -xdev ! -path './var/lib/dpkg/*' ! -path './var/lib/apt/*' ! -path './var/cache/*' \
		! -path './var/log/*' ! -path './root/*' | sort)
}

install() {
	cp "$package" "$dir/root/root/pagescape.deb"
	in_chroot apt-get -q -y install --no-install-recommends /root/pagescape.deb
}

purge_leaves_nothing() {
	in_chroot apt-get -q -y purge pagescape && in_chroot apt-get -q -y autoremove --purge || return
	files_of_chroot >"$dir/after"
	diff "$dir/before" "$dir/after"
}

has_manual() {
	in_chroot man pagescape | grep -q 'NAME' && in_chroot man 5 pagescape-session | grep -q 'NAME'
}

if [ $# -gt 0 ]; then
	package=$1
else
	step "builds from a clean clone" build || exit 1
	package=$(ls "$dir"/pagescape_*.deb)
	step "lintian" check_with_lintian
fi
step "a chroot" make_chroot || exit 1
files_of_chroot >"$dir/before"
step "installs" install || exit 1
step "runs" in_chroot pagescape --version
step "has a manual" has_manual
cp "$SRCDIR/../debian/tests/main-job" "$dir/root/root/main-job"
step "main job" in_chroot sh -c 'cd /root && ./main-job'
step "purge leaves nothing" purge_leaves_nothing
exit "$failed"
