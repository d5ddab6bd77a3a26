#!/bin/bash
# brood.sh [CHILDREN]: many children that live for a moment, one after the other: each is watched from its birth to its
# end, with every fault of a page that it says it touched, and with its exec. The rings of an ordinary user are small:
# on a busy machine they may overflow, but then the kernel counted all that is missing as lost, and the program says so.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
export LC_ALL=C.UTF-8
children=${1:-300} pages=8

# What is missing though it was not counted as lost, a line each; the last line is how many pages, and children with an
# exec, were found, and how many were not, and were counted.
compare() {
	awk -F , '
		FILENAME ~ /said$/ { page[$0] = 1; child[substr($0, 1, index($0, " ") - 1)] = 1; next }
		FILENAME ~ /lost$/ { split($0, words, /[ ,]+/); lost[words[1]] += words[2]; next }
		FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ key = $at["pid"] " " substr($at["address"], 3, length($at["address"]) - 5) }
		key in page { found[key]++ }
		$at["path"] ~ /\/true$/ { ran[$at["pid"]] = 1 }
		END {
			for (key in page) {
				pid = substr(key, 1, index(key, " ") - 1)
				if (!found[key]) missing[pid] = missing[pid] "\nno fault: " key
				if (!found[key]) misses[pid]++
				if (found[key] > 1) print "twice: " key
				seen += found[key] == 1
			}
			for (pid in child) {
				if (!(pid in ran)) { missing[pid] = missing[pid] "\nno fault of its program: " pid; misses[pid]++ }
				runs += pid in ran
				if (misses[pid] > lost[pid]) print substr(missing[pid], 2) " (" lost[pid] + 0 " lost)"
				else counted += misses[pid]
			}
			print seen + 0, runs + 0, counted + 0
		}' "$work/said" "$work/lost" "$1"
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
	# "PID COUNT", and how many faults there are
	"$PAGESCAPE" export jsonl -o - "$work/brood.pgs" 2>>"$work/errors" | awk -v lost="$work/lost" '
		BEGIN { printf "" >lost }
		/^\{"event": "lost"/ && /"where": "faults"/ { print $6, $8 >lost }
		/^\{"event": "lost"/ && !/"where": "faults"/ { print "# " $0; other++ }
		/^\{"event": "fault"/ { faults++ }
		END { exit other || !faults }'
	result $? "nothing but faults of children was lost${options:+, $options}"
	compare "$work/faults.csv" >"$work/compared"
	read -r seen runs counted < <(tail -n 1 "$work/compared")
	[ "$(wc -l <"$work/compared")" = 1 ] && [ $((seen + runs + counted)) = $((children * (pages + 1))) ] &&
		{ [ "$counted" = 0 ] || [ "$(id -u)" != 0 ]; }
	result $? "each of $((children * pages)) pages has its fault, once, and each child its exec${options:+, $options}"
	head -n -1 "$work/compared" | head -n 10
	[ "$counted" = 0 ] || echo "# $counted missing, counted as lost: $(awk '$2 + 0 > 1' "$work/lost" | tr '\n' ';')"
	[ "$(id -u)" = 0 ] || continue
	# the kernel writes a child's number into its memory before it can be held: that may be a fault
	awk '{ lost[$1] += $2 } END { for (pid in lost) if (lost[pid] > 1 || pid !~ /^[0-9]+,?$/) more = 1; exit more }' "$work/lost"
	result $? "of each child at most the one fault was lost that it had while it was made${options:+, $options}"
done
exit $status
