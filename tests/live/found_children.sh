#!/bin/bash
# A child that was found, because it was not held at its birth (-f -p PID): each of its faults is reported, or
# counted as lost. The child says itself how many it took.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
if faults_refused "$work/refused"; then
	echo "ok - found children # SKIP $(tail -1 "$work/refused")"
	exit 77
fi

mkfifo "$work/go"
# shellcheck disable=SC2016 # the inner bash expands it
bash -c '
read -r line <"$1/go"
(
	for i in 1 2 3 4 5 6; do x=$(printf "%0400000d" $i); y+=$x; done
	read -ra stat <"/proc/$BASHPID/stat"
	echo "$BASHPID ${stat[9]} ${stat[11]}" >"$1/took"
	read -r line <"$1/go"
)
' bash "$work" &
parent=$!
"$PAGESCAPE" faults -f --json -p $parent >"$work/faults" 2>"$work/err" &
watcher=$!
watches() {
	grep -q perf_event "/proc/$watcher/maps"
}
until_ok watches || { echo "not ok - it does not watch: $(cat "$work/err")"; exit 1; }
echo go >"$work/go"
until_ok test -s "$work/took" || { echo "not ok - the child does not come"; exit 1; }
read -r child minor major <"$work/took"
seen() {
	grep -q "\"event\": \"fault\".*\"pid\": $child\\b\|\"event\": \"lost\".*\"pid\": $child\\b" "$work/faults"
}
until_ok seen || { echo "not ok - the child was not found"; exit 1; }
echo go >"$work/go"
wait $parent
wait $watcher
reported=$(grep -c "\"event\": \"fault\".*\"pid\": $child\\b" "$work/faults")
lost=$(sed -nE "/\"pid\": $child\\b/s/.*\"event\": \"lost\".*\"count\": ([0-9]+).*/\\1/p" "$work/faults" | awk '{ n += $1 } END { print n + 0 }')
took=$((minor + major))
# it takes a few more until it ends
if [ $((reported + lost)) -ge "$took" ] && [ $((reported + lost)) -le $((took + 200)) ]; then
	echo "ok - of $took faults of a child that was found $reported were reported, $lost counted as lost"
else
	echo "not ok - of $took faults of a child $reported were reported, $lost counted as lost"
	exit 1
fi
