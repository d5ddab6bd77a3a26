#!/bin/bash
# The exercise of each lesson: check says yes to the right solution and no to the wrong one, and has a word
# about each thing that is wrong; as the current user, and for root also as nobody.
#
# Time limit: 900 s
# (without debug registers each stop of a lesson is reached in single steps)
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
swap=
undo() {
	[ -z "$swap" ] || swapoff "$swap"
	finish
}
trap undo EXIT
evidence=("$work/said")
export LC_ALL=C.UTF-8
unset LANGUAGE
lessons=$SRCDIR/../data/lessons

# What a solution says on a machine that cannot run it: one line, which names what is missing.
refused() {
	[ "$(wc -l <"$work/said")" = 1 ] && grep -q "^pagescape: .*check:[0-9]*: needs " "$work/said"
}

# Swap space for the time of the test, where root may have it.
make_swap() {
	[ "$(id -u)" = 0 ] && [ "$(wc -l </proc/swaps)" = 1 ] || return 0
	swap=$work/swap
	dd if=/dev/zero of="$swap" bs=1M count=32 status=none && chmod 600 "$swap" &&
		mkswap -q "$swap" && swapon "$swap" && return
	swap=
} 2>"$work/swap.log"

# grade WHO EXPECTED NAME SOLUTION [as_nobody]
grade() {
	local who=$1 expected=$2 name=$3 solution=$4 code lines
	shift 4
	"$@" "$PAGESCAPE" check --expect "$work/nobody/$name.check" -- "$work/nobody/$name.$solution" \
		>"$work/said" 2>&1 </dev/null
	code=$?
	if [ $code = 1 ] && grep -q '^needs:' "$work/nobody/$name.check" && refused; then
		echo "ok - $name, $who: the $solution solution # SKIP $(sed 's/.*check:[0-9]*: //' "$work/said")"
		return
	fi
	lines=$(grep -vcE '^(#|$|needs:)' "$work/nobody/$name.check")
	if [ "$expected" = 0 ]; then
		[ $code = 0 ] && grep -q ": $lines hold, 0 fail" "$work/said"
	else
		[ $code = 1 ] && grep -qE ': [0-9]+ hold, [1-9][0-9]* fail' "$work/said"
	fi
	result $? "$name, $who: the $solution solution"
}

if [ "$(wc -l </proc/swaps)" = 1 ]; then
	"$PAGESCAPE" check --expect "$lessons/swap/exercise/check" -- /bin/true >"$work/said" 2>&1
	[ $? = 1 ] && refused && grep -q 'needs swap space' "$work/said"
	result $? "without swap space, check says that the exercise needs some"
fi
make_swap

count=0
for exercise in "$lessons"/*/exercise; do
	name=$(basename "$(dirname "$exercise")")
	count=$((count + 1))
	[ -s "$exercise/task.md" ] && [ -s "$exercise/task.ru.md" ]
	result $? "$name: its task in both languages"
	cp "$exercise/check" "$work/nobody/$name.check"
	for solution in right wrong; do
		more=$(sed -n 's/^compile: *//p' "$exercise/../en.lesson")
		# shellcheck disable=SC2086 # words for the compiler
		if [ -n "$more" ] && ! echo 'int main(void) { return 0; }' |
			"${CC:-cc}" $more -x c -o "$work/any" - 2>"$work/said"; then
			echo "ok - $name: the $solution solution # SKIP nothing is compiled with $more here"
			continue
		fi
		# shellcheck disable=SC2086
		if ! "${CC:-cc}" -O0 -g -Wall $more -o "$work/nobody/$name.$solution" "$exercise/$solution.c" 2>"$work/said"; then
			result 1 "$name: its $solution solution is compiled"
			continue
		fi
		expected=$([ $solution = right ]; echo $?)
		chmod -R a+rX "$work/nobody"
		grade "$(id -un)" "$expected" "$name" $solution env
		if as_nobody true; then
			grade nobody "$expected" "$name" $solution as_nobody
		else
			echo "ok - $name, nobody # SKIP we are not root, or nobody cannot enter $BUILDDIR"
		fi
	done
done
[ "$count" -ge 19 ]
result $? "each lesson has an exercise: $count"
exit $status
