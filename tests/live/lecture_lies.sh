#!/bin/bash
# No claim of the lecture holds whatever the kernel does: each lesson is tried once more with every expectation turned
# into its opposite, and each of these is found out, or cannot be checked here. And each row of the lecture has a step
# that is among them.
#
# Time limit: 900 s
# (without debug registers each stop of a lesson is reached in single steps)
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
export LC_ALL=C.UTF-8
unset LANGUAGE PAGESCAPE_LESSONS
lessons=$BUILDDIR/../data/lessons

# lies NAME: what check says of the opposites of a lesson goes to NAME.said
lies() {
	local name=$1 bad=0 claims line
	cp -rL "$lessons/$name" "$work/$name"
	chmod -R u+w "$work/$name"
	touch "$work/$name/$name" 2>/dev/null # not compiled anew
	opposite "$work/$name"
	"$PAGESCAPE" lesson --check "$work/$name" >"$work/$name.said" 2>"$work/$name.err" </dev/null
	[ $? = 1 ] || bad=1
	if grep -q 'steps reached.*needs ' "$work/$name.said" || grep -q 'needs ' "$work/$name.err"; then
		echo "ok - $name # SKIP $(cat "$work/$name.err")"
		return
	fi
	claims=$(grep -c '^expect: ' "$work/$name/en.lesson")
	[ "$claims" -gt 0 ] || bad=1
	while IFS=: read -r line _; do
		grep -qE "^en.lesson:$line: .*: (it is |it does not hold|cannot be checked here: )" "$work/$name.said" || {
			echo "# it holds, and is false: $(sed -n "${line}p" "$work/$name/en.lesson")"
			bad=1
		}
	done < <(grep -n '^expect: ' "$work/$name/en.lesson")
	result $bad "$name: all $claims opposites are found out"
}

for lesson in "$lessons"/*/; do
	lies "$(basename "$lesson")"
done

# The rows: what is taught, and the lesson and the step that claim it.
rows='segments: base plus offset|addresses 1
pages of equal size, each mapped to any frame or to none|addresses 3
neighbours in frames far apart|addresses 5
x86-32 paging: 10+10+12|addresses-32 2
maps: ranges and rights|maps 2
maps: offset, device, inode, name|maps 3
reserved, without entries|promise 2
a fault, a frame, an entry|promise 3
the instruction that faults runs again|fault 4
fresh memory is zero|zeroes 2
yesterday'"'"'s secrets|zeroes 5
malloc|calloc 1
calloc|calloc 2
calloc of recycled memory|calloc 5
six arguments of mmap|anonymous 1
a file of one page|file 2
an offset that is no multiple of a page|file 1
beyond the end of the file|file 6
shared|shared-private 2
private|shared-private 3
msync|msync 3
munmap|munmap 2
text is evicted|eviction 2
text returns|eviction 3
text file busy|busy 2
the old file lives on|busy 4
anonymous|anonymous 2'

# row NAME LESSON STEP: of its step's opposites one fails at least
row() {
	local name=$1 lesson=$2 step=$3 first last
	if [ ! -s "$work/$lesson.said" ] || grep -q 'steps reached' "$work/$lesson.said"; then
		echo "ok - $name # SKIP $lesson cannot be given here"
		return
	fi
	first=$(grep -n '^== ' "$work/$lesson/en.lesson" | sed -n "${step}s/:.*//p")
	last=$(grep -n '^== ' "$work/$lesson/en.lesson" | sed -n "$((step + 1))s/:.*//p")
	awk -F: -v first="$first" -v last="${last:-99999}" '
		$1 == "en.lesson" && $2 > first && $2 < last && /: (it is|it does not hold)/ { found = 1 }
		END { exit !found }' "$work/$lesson.said"
	result $? "$name: $lesson, step $step"
}
while IFS='|' read -r name place; do
	# shellcheck disable=SC2086 # two words
	row "$name" $place
done <<<"$rows"
exit $status
