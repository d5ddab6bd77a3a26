#!/bin/bash
# The exercise of each lesson: check says yes to the right solution and no to the wrong one, and has a word
# about each thing that is wrong; as the current user, and for root also as nobody.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
status=0
export LC_ALL=C.UTF-8
unset LANGUAGE
lessons=$SRCDIR/../data/lessons

report() {
	if [ "$1" = 0 ]; then echo "ok - $2"; else
		echo "not ok - $2"
		sed 's/^/# /' "$work/said"
		status=1
	fi
}

# grade WHO EXPECTED NAME SOLUTION [as_nobody]
grade() {
	local who=$1 expected=$2 name=$3 solution=$4 code lines
	shift 4
	"$@" "$PAGESCAPE" check --expect "$work/nobody/$name.check" -- "$work/nobody/$name.$solution" \
		>"$work/said" 2>&1 </dev/null
	code=$?
	lines=$(grep -vcE '^(#|$)' "$work/nobody/$name.check")
	if [ "$expected" = 0 ]; then
		[ $code = 0 ] && grep -q ": $lines hold, 0 fail" "$work/said"
	else
		[ $code = 1 ] && grep -qE ': [0-9]+ hold, [1-9][0-9]* fail' "$work/said"
	fi
	report $? "$name, $who: the $solution solution"
}

count=0
for exercise in "$lessons"/*/exercise; do
	name=$(basename "$(dirname "$exercise")")
	count=$((count + 1))
	[ -s "$exercise/task.md" ] && [ -s "$exercise/task.ru.md" ]
	report $? "$name: its task in both languages"
	cp "$exercise/check" "$work/nobody/$name.check"
	for solution in right wrong; do
		if ! "${CC:-cc}" -O0 -g -Wall -o "$work/nobody/$name.$solution" "$exercise/$solution.c" 2>"$work/said"; then
			report 1 "$name: its $solution solution is compiled"
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
[ $count -ge 10 ]
report $? "$count exercises"
exit $status
