#!/bin/bash
# --sample, and what is taken without it: every fault is reported once, whatever becomes of its stack, and
# one whose stack was not sampled says just that, in every output.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
export LC_ALL=C.UTF-8
target=$BUILDDIR/live/sampled

# count FILE: how many of the target's pages faulted, how many faults that was, and of these with a stack,
# and how many say that it was not sampled
count() {
	read -r first end <"$work/pages"
	awk -v first="$first" -v end="$end" '
		/^\{"event": "fault"/ && match($0, /"address": "0x[0-9a-f]+"/) {
			address = substr($0, RSTART + 14, RLENGTH - 15)
			if (length(address) != length(first) || address < first || address >= end)
				next
			faults++
			page = substr(address, 1, length(address) - 3)
			pages += !seen[page]++
			sampled += /"stack": \[/
			left_out += /"stack_sampled": false/
			both += /"stack": \[.*"stack_sampled": false/ || /"stack_cut": true.*"stack_sampled": false/
		}
		END { print pages + 0, faults + 0, sampled + 0, left_out + 0, both + 0 }' "$1"
}

# between LOW VALUE HIGH
between() {
	[ "$1" -le "$2" ] && [ "$2" -le "$3" ]
}

# see NAME PAGES LOW HIGH OPTION...: two threads with so many pages each; so many of these faults have stacks
see() {
	local name=$1 wanted=$((2 * $2)) pages=$2 low=$3 high=$4 seen faults sampled left_out both
	shift 4
	"$PAGESCAPE" faults --json "$@" "$target" "$work/pages" "$pages" >"$work/out" 2>"$work/err" </dev/null
	local ended=$?
	if [ $ended = 1 ] && faults_refused "$work/err"; then
		echo "ok - $name # SKIP $(cat "$work/err")"
		exit 77
	fi
	result $ended "$name: it ends as the program does"
	read -r seen faults sampled left_out both < <(count "$work/out")
	[ "$seen $faults" = "$wanted $wanted" ]
	result $? "$name: each of $wanted pages has one fault ($seen, $faults)"
	between "$low" "$sampled" "$high" && [ $((sampled + left_out)) = "$wanted" ] && [ "$both" = 0 ]
	result $? "$name: $sampled have their stack, $left_out say that it was not sampled, none says both"
	[ "$(grep -c '"stack_sampled": false' "$work/out")" = \
		"$(tail -n 1 "$work/out" | sed -nE 's/.*"stacks_not_sampled": ([0-9]+),.*/\1/p;t;s/.*/0/p')" ]
	result $? "$name: the summary counts them"
}

see "each" 2000 4000 4000 --sample 1
see "one in eight" 2000 498 502 --sample 8
see "one in 3" 999 664 668 --sample 3
see "by itself, few" 1000 2000 2000
see "none of so many" 500 0 0 --sample 5000
"$PAGESCAPE" faults --json --sample 8 "$target" "$work/pages" 500 >"$work/out" 2>/dev/null </dev/null
[ "$(grep '"stack": \[' "$work/out" | grep -c '"symbol": "run"')" -ge 100 ]
result $? "a stack that was sampled is whole"

"$PAGESCAPE" record --sample 8 -o "$work/s.pgs" -- "$target" "$work/pages" 1000 </dev/null >/dev/null 2>&1
result $? "it records"
"$PAGESCAPE" export jsonl "$work/s.pgs" >"$work/out"
read -r seen faults sampled left_out both < <(count "$work/out")
[ "$seen $faults $both" = "2000 2000 0" ] && between 248 "$sampled" 252 && [ $((sampled + left_out)) = 2000 ]
result $? "a recording knows which stacks were not sampled ($sampled, $left_out)"
grep -qE '^\{"event": "source", .*"source": "stacks", "ok": true, "why": "of one fault in 8' "$work/out"
result $? "... and says so of its source"
[ "$("$PAGESCAPE" export folded "$work/s.pgs" | sed -nE 's/^\[stack not sampled\];touch ([0-9]+)$/\1/p')" = "$left_out" ]
result $? "folded stacks have a root for them"
! "$PAGESCAPE" export folded "$work/s.pgs" | grep -q '^\[cut\]'
result $? "... and none is called cut for that"
if command -v sqlite3 >/dev/null; then
	"$PAGESCAPE" export sqlite "$work/s.pgs" -o "$work/s.db" &&
		[ "$(sqlite3 "$work/s.db" "SELECT count(*) FROM faults f JOIN stacks s USING(stack) WHERE s.cut_why = 'not-sampled' AND NOT s.cut" 2>&1)" -ge "$left_out" ]
	result $? "so has the database"
fi
for value in 0 -1 x 1000001 ''; do
	"$PAGESCAPE" faults --sample "$value" true >"$work/out" 2>"$work/err" </dev/null
	[ $? = 2 ] && grep -q -- --sample "$work/err"
	result $? "--sample '$value' is refused"
done
exit $status
