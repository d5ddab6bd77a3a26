#!/bin/bash
# Stopped real programs: resident and swapped pages of each region are what smaps says,
# and each page is what pagemap and kpageflags say.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
status=0

state_is() { # state_is PID LETTERS
	local line
	read -r line <"/proc/$1/stat" 2>/dev/null || return 1
	line=${line##*) }
	[[ ${line:0:1} == [$2] ]]
}

check() { # check NAME PROGRAM [ARG...]: the program is ready when it waits for input
	local name=$1 fifo=$work/fifo pid
	shift
	rm -f "$fifo" "$work/out" # else the output of the one before would be taken for this one's
	mkfifo "$fifo"
	"$@" <"$fifo" >"$work/out" 2>&1 &
	pid=$!
	exec 7>"$fifo"
	if until_ok grep -qs ready "$work/out" && kill -STOP $pid && until_ok state_is $pid T; then
		"$BUILDDIR/live/check_states" pid "$name" $pid || status=1
	else
		echo "not ok - $name did not get ready: $(tail -1 "$work/out")"
		status=1
	fi
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
	exec 7>&-
}


check bash bash -c 'x=$(seq 20000); echo ready; read y'
check sh sh -c 'echo ready; read y'
if command -v python3 >/dev/null; then
	check python3 python3 -c 'import json, sys
x = {i: str(i) for i in range(100000)}
print("ready", flush=True)
sys.stdin.read()'
	check threads python3 -c 'import threading, sys, time
for i in range(8):
    threading.Thread(target=lambda: (bytearray(1 << 20), sys.stdin.read()), daemon=True).start()
print("ready", flush=True)
sys.stdin.read()'
else
	echo "ok - python3 # SKIP python3 is not installed"
fi

cat >"$work/huge.c" <<'END'
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
int main(void)
{
	char *at = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *one = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	madvise(at, 64 << 20, 14);
	memset(at, 1, 20 << 20);
	munmap(at + (4 << 20), 8192);
	madvise(at + (9 << 20), 12345, MADV_DONTNEED);
	for (int i = 0; i < 1 << 20; i += 8192)
		one[i] = 1;
	puts("ready");
	fflush(stdout);
	return getchar();
}
END
if ${CC:-cc} -o "$work/huge" "$work/huge.c" 2>"$work/cc.log"; then
	check "huge pages" "$work/huge"
else
	echo "ok - huge pages # SKIP no compiler: $(tail -1 "$work/cc.log")"
fi
if ! ${CC:-cc} -m32 -o "$work/huge32" "$work/huge.c" 2>"$work/cc.log"; then
	echo "ok - 32 bits # SKIP the compiler makes no 32-bit programs: $(tail -1 "$work/cc.log")"
elif ! runs "$work/huge32"; then
	echo "ok - 32 bits # SKIP this kernel runs no 32-bit programs"
else
	check "32 bits" "$work/huge32"
fi
if [ "$(id -u)" != 0 ]; then
	exit $status
fi
if as_nobody test -r "$0"; then
	as_nobody env PATH=/usr/bin:/bin TMPDIR="$work/nobody" bash "$0" | sed 's/^\(not \)\?ok - /&nobody: /'
	[ "${PIPESTATUS[0]}" = 0 ] || status=1
else
	echo "ok - all programs as nobody # SKIP nobody cannot enter $SRCDIR or $BUILDDIR"
fi
exit $status
