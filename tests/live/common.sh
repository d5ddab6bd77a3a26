# For the scripts of tests/live: a folder of their own, and the ordinary user.

# shellcheck source=tests/common.sh
. "$SRCDIR/common.sh"

# not on a tmpfs: its files are memory, and always in the page cache
work=$(mktemp -d "${TMPDIR:-/var/tmp}/pagescape.XXXXXX") || exit 99
chmod 711 "$work"
mkdir "$work/nobody"
[ "$(id -u)" != 0 ] || chown 65534:65534 "$work/nobody"

# what a script has started, and what ends with it
started=()

finish() {
	local each
	for each in "${started[@]}"; do kill -KILL "$each" 2>/dev/null; done
	rm -rf "$work"
}

# as_nobody COMMAND...: fails if that is not possible
as_nobody() {
	[ "$(id -u)" = 0 ] || return 1
	setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$BUILDDIR/live/check_states" || return 1
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# runs PROGRAM: does the kernel know its format? One for 32 bits may be built where it cannot run.
runs() {
	"$1" </dev/null >/dev/null 2>&1
	[ $? -ne 126 ]
}

# opposite FOLDER: each expectation of its text says the opposite
opposite() {
	sed -i -E '/^expect: /{
		s/ contains ".*/ contains "nobody said that"/;t
		s/ <= / > /;t
		s/ >= / < /;t
		s/ != / = /;t
		s/ < / >= /;t
		s/ > / <= /;t
		s/ = / != /
	}' "$1/en.lesson"
}
