#!/bin/bash
# record.sh: makes the sessions that must always open: v1.pgs (of a real program, with the output
# of replay in v1.lines), and v1-whole.pgs (made up, with all kinds of events, keyframes and a
# note). Run it only for a new version of the format, whose files are added to the older ones.
#
#     PAGESCAPE=build/src/pagescape BUILDDIR=build/tests tests/session/record.sh 1
set -eu
: "${PAGESCAPE:?the built program}" "${BUILDDIR:?tests in the build folder}"
version=${1:?which version}
here=$(cd "$(dirname "$0")" && pwd)
PAGESCAPE=$(realpath "$PAGESCAPE")
BUILDDIR=$(realpath "$BUILDDIR")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

cat >"$dir/tiny.c" <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char page[4096];

int main(void)
{
	char *memory = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int sum = page[0];

	memory[0] = 1;
	printf("one page of %d\n", 16);
	fflush(stdout);
	usleep(150000);
	memory[49152] = 1;
	mprotect(memory, 4096, PROT_READ);
	usleep(200000);
	page[0] = (char)(5 + sum);
	munmap(memory, 65536);
	return page[0];
}
C
cc -g -O1 -static -o "$dir/tiny" "$dir/tiny.c"
# the head of a session has the host's name
unshare --uts sh -c 'hostname example.org && cd "$1" && "$2" record -o v1 ./tiny' sh "$dir" "$PAGESCAPE" >/dev/null ||
	[ $? -eq 5 ]
mv "$dir/v1" "$here/v$version.pgs"
LC_ALL=C.UTF-8 "$PAGESCAPE" replay "$here/v$version.pgs" >"$here/v$version.lines"
make -s -C "$BUILDDIR" unit/test_replay
SRCDIR=$here/.. GENERATE=1 "$BUILDDIR/unit/test_replay" >/dev/null
ls -l "$here/v$version"*
