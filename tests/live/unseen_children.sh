#!/bin/bash
# Children that come and go before anybody finds them (-f -p PID): each is counted as lost, with its faults. Their parent
# says how many it had, and the kernel how many faults they took together.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
CHILDREN=50
if faults_refused "$work/refused"; then
	echo "ok - unseen children # SKIP $(tail -1 "$work/refused")"
	exit 77
fi

mkfifo "$work/go"
# shellcheck disable=SC2016 # the inner bash expands it
bash -c '
exec 3<"$1/go"
while read -r word <&3 && [ "$word" != go ]; do printf -v x "%0400000d" 1; done
for ((i = 0; i < $2; i++)); do (x=$i); done
read -ra stat <"/proc/$$/stat"
echo "${stat[10]} ${stat[12]}" >"$1/took"
' bash "$work" $CHILDREN &
parent=$!
"$PAGESCAPE" faults -f --json -p $parent >"$work/faults" 2>"$work/err" &
watcher=$!
exec 4>"$work/go"
watches() {
	echo probe >&4
	grep -q '"event": "fault"' "$work/faults"
}
until_ok watches || { echo "not ok - it does not watch: $(cat "$work/err")"; exit 1; }
echo go >&4
wait $parent
wait $watcher
read -r minor major <"$work/took"
took=$((minor + major))
# what was found after all; of its faults before that, it says how many were lost
found=$(grep -c '"event": "fork"' "$work/faults")
reported=$(grep '"event": "fault"' "$work/faults" | grep -vc "\"pid\": $parent\\b")
sum_of() {
	sed -nE "s/.*\"event\": \"lost\".*\"count\": ([0-9]+), \"where\": \"$1\".*/\\1/p" "$work/faults" | awk '{ n += $1 } END { print n + 0 }'
}
processes=$(sum_of processes)
lost=$(($(sum_of 'faults of lost processes') + $(sum_of faults)))
# The kernel adds what a child took at its end a little differently. User mode alone, as for nobody on some machines:
# it counts more than comes
least=$((took * 9 / 10))
! tail -1 "$work/faults" | grep -q '"user_only": true' || least=1
# each is either found or counted as lost, never both
if [ $((found + processes)) = $CHILDREN ] && [ $((reported + lost)) -ge $least ] && [ $((reported + lost)) -le $((took + 4 * CHILDREN)) ] &&
	tail -1 "$work/faults" | grep -q "\"lost\": $lost\\b"; then
	echo "ok - of $CHILDREN children $found were found, $processes counted as lost; of their $took faults $reported were reported, $lost counted as lost"
else
	echo "not ok - of $CHILDREN children $found were found, $processes counted as lost; of their $took faults $reported were reported, $lost counted as lost"
	tail -1 "$work/faults"
	exit 1
fi
