#!/bin/bash
# A recording does not need the files that it was made from: replayed without the program and its
# source, it shows stacks, functions and source lines. The same for python3, if it can be hidden.
# shellcheck source=tests/term/term.sh
. "$SRCDIR/term/term.sh"

if faults_refused "$work/out"; then
	echo "skipped: $(head -1 "$work/out")"
	exit 77
fi
command -v "${CC:-gcc}" >/dev/null || { echo "skipped: there is no compiler"; exit 77; }

mkdir "$work/there"
cat >"$work/there/writer.c" <<'END'
#include <stdlib.h>

static __attribute__((noinline)) void fill(volatile char *memory, long pages)
{
	for (long i = 0; i < pages; i++)
		memory[i * 4096] = 1; /* each page a first time */
}

int main(void)
{
	char *memory = aligned_alloc(4096, 300 * 4096);

	fill(memory, 300);
	return memory[4096] - 1;
}
END
"${CC:-gcc}" -g -O1 -fno-omit-frame-pointer -o "$work/there/writer" "$work/there/writer.c" || fail "cannot be compiled"
"$PAGESCAPE" record -o "$work/session" "$work/there/writer" >/dev/null || fail "record"
rm -r "$work/there"

run 120 50 "$PAGESCAPE" replay "$work/session"
see "ended with status 0"
keys e
see "TIME +THREAD KIND"
keys E
see "events:"
keys -l "func:fill"
keys Enter
taken
seen "[0-9] of [0-9]"
see "zero-fill .*fill"
keys x
see "#0 +fill"
see "#1 +main"
see "memory.i . 4096. = 1"
keys -l ":goto-time 0"
keys Enter
see "stopped 00:0"
# the first faults can all lie in the first millisecond
for ((i = 0; i < 500; i++)); do
	screen | grep -q "stopped 00:00.000 of" || break
	keys S-Right
done
unsee "stopped 00:00.000 of"
keys -l ":goto-time end"
keys Enter
see "end 00:0"
keys h
see "fill"
keys q
ended 0
echo "ok: stack, function and source lines of a program that is gone"

python=$(readlink -f "$(command -v python3)" 2>/dev/null)
if [ -z "$python" ] || ! unshare -m true 2>/dev/null; then
	echo "ok - python3 hidden # SKIP no python3, or no mount namespace of one's own"
	exit 0
fi
"$PAGESCAPE" record -o "$work/python" python3 -S -c 'x = [bytearray(4096) for i in range(500)]' >/dev/null || fail "record python3"
cat >"$work/hidden" <<END
mount --bind /dev/null $python || exit 99
for dir in /usr/lib/python3*; do mount -t tmpfs none "\$dir" || exit 99; done
python3 -c 1 2>/dev/null && exit 98
exec $PAGESCAPE replay $work/python
END
run 120 50 unshare -m bash "$work/hidden"
see "ended with status 0"
keys e
see "TIME +THREAD KIND"
keys E
see "events:"
keys -l "cause:zero-fill region:heap"
keys Enter
taken
seen "[0-9] of [0-9]"
see "zero-fill .*[[]heap[]]"
keys x
see "#0 +[a-zA-Z_]+"
see "#[1-9] +_?Py[A-Za-z_]+"
keys -l ":goto-time 50%"
keys Enter
see "stopped 00:0"
keys -l "aaDU"
keys q
ended 0
echo "ok: python3 where there is none"
