#!/bin/bash
# brood.sh [CHILDREN]: many children that live for a moment, one after the other: each is watched from its birth to its
# end, with every fault of a page that it says it touched, and with its exec.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
export LC_ALL=C.UTF-8
status=0
children=${1:-300} pages=8

result() {
	if [ "$1" = 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
		status=1
	fi
}

# What is missing, a line each; the last line is how many pages, and children with an exec, were found.
compare() {
	awk -F , '
		FILENAME ~ /said$/ { page[$0] = 1; child[substr($0, 1, index($0, " ") - 1)] = 1; next }
		FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ key = $at["pid"] " " substr($at["address"], 3, length($at["address"]) - 5) }
		key in page { found[key]++ }
		$at["path"] ~ /\/true$/ { ran[$at["pid"]] = 1 }
		END {
			for (key in page) {
				if (!found[key]) print "no fault: " key
				if (found[key] > 1) print "twice: " key
				seen += found[key] == 1
			}
			for (pid in child) { if (!(pid in ran)) print "no fault of its program: " pid; runs += pid in ran }
			print seen + 0, runs + 0
		}' "$work/said" "$1"
}

if faults_refused "$work/why"; then
	echo "1..0 # SKIP $(cat "$work/why")"
	exit 77
fi
for options in '' --no-stacks; do
	rm -f "$work/brood.pgs"
	# shellcheck disable=SC2086 # none, or one
	"$PAGESCAPE" record -f $options -o "$work/brood.pgs" -- "$BUILDDIR/live/brood" "$children" "$pages" \
		</dev/null 2>"$work/errors" | tr -d '\r' | grep -E '^[0-9]+ [0-9a-f]+$' >"$work/said"
	"$PAGESCAPE" export csv-faults -o "$work/faults.csv" --force "$work/brood.pgs" 2>>"$work/errors"
	result $? "it records and exports${options:+, $options}"
	[ "$(wc -l <"$work/said")" -eq $((children * pages)) ]
	result $? "$children children ran${options:+, $options}"
	compare "$work/faults.csv" >"$work/compared"
	[ "$(tail -n 1 "$work/compared")" = "$((children * pages)) $children" ]
	result $? "each of $((children * pages)) pages has its fault, once, and each child its exec${options:+, $options}"
	head -n -1 "$work/compared" | head -n 10
	# the kernel writes a child's number into its memory before it can be held: that may be a fault
	"$PAGESCAPE" export jsonl -o - "$work/brood.pgs" 2>>"$work/errors" | awk '
		/^\{"event": "lost"/ { lost[$0 ~ /"count": 1, "where": "faults"/ ? $6 : $0]++; print }
		/^\{"event": "fault"/ { faults++ }
		END { for (pid in lost) if (lost[pid] > 1 || pid ~ /event/) more = 1; exit more || !faults }' >"$work/lost"
	result $? "of each child at most the one fault was lost that it had while it was made${options:+, $options}"
done
exit $status
