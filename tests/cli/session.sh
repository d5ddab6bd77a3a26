#!/bin/bash
# Sessions of real programs: a replay shows what was seen, whatever ends the recording.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
# shellcheck source=tests/cli/tables.sh
. "$SRCDIR/cli/tables.sh"

# the program's status and output are passed on
"$PAGESCAPE" record -o "$dir/a" bash -c 'echo "hi there"; x=$(printf "%0100000d" 1); exit 3' >"$dir/out" 2>"$dir/err" </dev/null
[ $? -eq 3 ] || fail 'status of the program'
[ -s "$dir/err" ] && fail "record says: $(cat "$dir/err")"
grep -q '^hi there' "$dir/out" || fail "output: $(cat "$dir/out")"
"$PAGESCAPE" record -o "$dir/k" bash -c 'kill -KILL $$'
[ $? -eq 137 ] || fail 'status of a killed program'

# the program gets all of standard input, with its end
head -c 300000 /dev/urandom >"$dir/bytes"
for how in "record -o $dir/in" "record -f -o $dir/in-f" faults 'faults -f' ''; do
	# shellcheck disable=SC2086
	timeout 60 "$PAGESCAPE" $how sh -c 'cat >"$1"' sh "$dir/copy" <"$dir/bytes" >"$dir/out" 2>&1 || fail "$how: standard input: status $?"
	cmp "$dir/bytes" "$dir/copy" || fail "$how: the program reads another standard input"
	rm -f "$dir/copy"
done
[ "$(echo through a pipe | timeout 60 "$PAGESCAPE" record --force -o "$dir/in" cat | tr -d '\r')" = 'through a pipe' ] ||
	fail 'record: a pipe as standard input'
timeout 60 "$PAGESCAPE" record --force -o "$dir/in" cat <&- >"$dir/out" 2>&1 || [ $? -lt 124 ] || fail 'record: no standard input at all'

# in a pid namespace with the /proc of another one, its numbers are other processes
if unshare -p --fork true 2>/dev/null; then
	unshare -p --fork "$PAGESCAPE" record -o "$dir/namespace" true 2>"$dir/err" && fail 'another pid namespace: recorded'
	grep -q '^pagescape: /proc belongs to another pid namespace' "$dir/err" || fail "another pid namespace: $(cat "$dir/err")"
	[ -e "$dir/namespace" ] && fail 'another pid namespace: a file is left'
	unshare -p --fork --mount-proc "$PAGESCAPE" record -o "$dir/namespace" true || fail 'a pid namespace with its own /proc'
fi

"$PAGESCAPE" -o "$dir/b" bash -c 'echo one; x=$(printf "%0300000d" 1); echo two' >"$dir/live" </dev/null || fail 'lines and -o'
"$PAGESCAPE" replay "$dir/b" >"$dir/again" || fail 'replay'
cmp "$dir/live" "$dir/again" || fail 'the replay differs from what was seen'
grep -q ' pages .* -> anon' "$dir/again" || fail 'nothing to see in the replay'

# a file that exists
"$PAGESCAPE" record -o "$dir/a" true 2>"$dir/err" && fail 'wrote over a file'
[ "$(wc -l <"$dir/err")" -eq 1 ] || fail 'existing file: more than a line'
"$PAGESCAPE" record --force -o "$dir/a" true || fail '--force'

# a program that does not start leaves no file
"$PAGESCAPE" record -o "$dir/none" no-such-program 2>/dev/null && fail 'no such program: success'
[ -e "$dir/none" ] && fail 'no such program: a file is left'

# through a pipe
"$PAGESCAPE" record -o - echo piped 2>"$dir/err" | "$PAGESCAPE" replay /dev/stdin >"$dir/out" || fail 'pipe'
[ -s "$dir/err" ] && fail "pipe: $(cat "$dir/err")"
grep -q ' output piped$' "$dir/out" || fail 'pipe: no output'

# where standard output is closed, nothing else takes its place
"$PAGESCAPE" record --force -o "$dir/closed" ls -la / >&- 2>"$dir/err"
"$PAGESCAPE" replay "$dir/closed" >"$dir/out" || fail "standard output closed: the recording is damaged: $(cat "$dir/err")"
# shellcheck disable=SC2016 # the inner shell expands it
"$PAGESCAPE" faults sh -c 'read -r -t 1 x </dev/tty; echo "$x" >"$0"' "$dir/typed" >&- 2>/dev/null </dev/null
grep -q . "$dir/typed" 2>/dev/null && fail "standard output closed: typed at the program: $(head -1 "$dir/typed")"

# of a growing file new lines are printed, until it ends
mkfifo "$dir/go"
exec {go}<>"$dir/go" # opened for reading and writing, so as not to wait for a program that never opens it
begin "$dir/out" "$PAGESCAPE" record -o "$dir/grows" bash -c 'echo first; read x <"$1"; echo last' grows "$dir/go"
record=$!
until_true grep -q first "$dir/out"
"$PAGESCAPE" replay "$dir/grows" >"$dir/lines" 2>"$dir/err" &
replay=$!
pids+=("$replay")
until_true grep -q ' output first' "$dir/lines"
grep -q ' output last' "$dir/lines" && fail 'a growing file: the end before its time'
kill -0 $replay 2>/dev/null || fail 'a growing file: the replay does not wait'
echo >&"$go"
wait $record
wait $replay || fail 'a growing file: status'
grep -q ' output last' "$dir/lines" || fail "a growing file: its end is not there: $(tail -n 3 "$dir/lines")"
[ -s "$dir/err" ] && fail "a growing file: $(cat "$dir/err")"
"$PAGESCAPE" replay "$dir/grows" | cmp - "$dir/lines" || fail 'followed, it has other lines'

# a reader that goes away ends the replay, and that ends the recorder
sleep 1000 &
victim=$!
pids+=("$victim")
export PAGESCAPE
timeout 60 bash -c '"$PAGESCAPE" record -o - -p "$1" 2>/dev/null | "$PAGESCAPE" replay - | head -n 1' head $victim >"$dir/line" ||
	fail "head: status $?"
[ "$(wc -l <"$dir/line")" -eq 1 ] || fail 'head: no line'
kill -0 $victim || fail 'head: the process was harmed'

# a sleeping process: its snapshot is that of the session; and each way out
sleep 1000 &
victim=$!
pids+=("$victim")
until_true grep -q sleep /proc/$victim/comm
for signal in INT TERM KILL; do
	env --default-signal "$PAGESCAPE" record -o "$dir/$signal" -p $victim &
	record=$!
	# the first picture is written at once
	until_true test -s "$dir/$signal"
	[ $signal = KILL ] && until_true "$PAGESCAPE" snapshot "$dir/KILL" >"$dir/out"
	kill -$signal $record
	wait $record 2>/dev/null
	status=$?
	[ $signal = KILL ] || [ $status -eq 0 ] || fail "SIG$signal: status $status"
	kill -STOP $victim
	"$PAGESCAPE" snapshot --json -p $victim | grep -v '"time"\|"sources"' >"$dir/live"
	kill -CONT $victim
	"$PAGESCAPE" snapshot --json "$dir/$signal" 2>"$dir/err" | grep -v '"time"\|"sources"' >"$dir/again"
	[ -s "$dir/again" ] || fail "SIG$signal: nothing in the session"
	diff "$dir/live" "$dir/again" || fail "SIG$signal: the session's picture is not the process's"
	if [ $signal = KILL ]; then
		grep -q 'breaks off' "$dir/err" || fail "killed: not said: $(cat "$dir/err")"
	elif [ -s "$dir/err" ]; then
		fail "SIG$signal: $(cat "$dir/err")"
	fi
done
kill -0 $victim || fail 'the recorded process died'

# a disk that is full
"$PAGESCAPE" record --force -o /dev/full true 2>"$dir/err" && fail 'full disk: success'
grep -q '^pagescape: .*/dev/full.*No space' "$dir/err" || fail "full disk: $(cat "$dir/err")"

# any moment
"$PAGESCAPE" snapshot "$dir/b" --at 0 >"$dir/out" || fail '--at 0'
grep -q ' stack ' "$dir/out" || fail '--at 0: no stack'
first=$("$PAGESCAPE" snapshot "$dir/b" --at 0 | awk '$1 == "total" { print $3 }')
last=$("$PAGESCAPE" snapshot "$dir/b" | awk '$1 == "total" { print $3 }')
[ -n "$first" ] && [ "$first" != "$last" ] || fail "--at: $first at first, $last at last"

# cut, and damaged
# shellcheck disable=SC2016
"$PAGESCAPE" record -o "$dir/long" bash -c 'for ((i = 0; i < 3; i++)); do x=$(printf "%0300000d" 1); sleep 1.1; done' \
	>"$dir/out" 2>&1 || fail 'a recording of some seconds'
head -c $(($(stat -c %s "$dir/long") * 9 / 10)) "$dir/long" >"$dir/cut"
"$PAGESCAPE" replay "$dir/cut" >"$dir/out" 2>"$dir/err" && fail 'cut: success'
[ "$(wc -l <"$dir/err")" -eq 1 ] || fail 'cut: not one line'
# every command says where it breaks off, shows what comes before, and does not succeed
says() {
	"$PAGESCAPE" "$@" >"$dir/out" 2>"$dir/err"
	got=$?
	[ $got -eq 1 ] || fail "$*: status $got, not 1"
	grep -q 'is damaged or truncated at byte\|breaks off at byte' "$dir/err" || fail "$*: $(cat "$dir/err")"
}
for command in snapshot 'snapshot --json' why 'why --json' replay 'export csv' 'export pages' 'export jsonl'; do
	# shellcheck disable=SC2086
	says $command "$dir/cut"
	[ -s "$dir/out" ] || fail "$command: nothing of what comes before"
done
for command in diff 'diff --touched'; do
	# shellcheck disable=SC2086
	says $command "$dir/cut" "$dir/long"
	# shellcheck disable=SC2086
	says $command "$dir/long" "$dir/cut"
done
says check 'resident of stack > 0' "$dir/cut"
for format in $formats; do
	rm -f "$dir/made"
	says export "$format" "$dir/cut" -o "$dir/made"
	[ -s "$dir/made" ] || fail "export $format: nothing of what comes before"
done
"$PAGESCAPE" snapshot "$dir/cut" --at 0 >"$dir/out" || fail 'a moment before the cut'

# a pipe without a reader ends a recording silently; a full disk is reported as such, whatever writes to it
"$PAGESCAPE" record -o - sleep 0.2 2>"$dir/err" | head -c 10 >/dev/null
[ "${PIPESTATUS[0]}" = 141 ] || fail 'record -o - to nobody: not ended by SIGPIPE'
[ -s "$dir/err" ] && fail "record -o - to nobody: $(cat "$dir/err")"
for format in $formats; do
	"$PAGESCAPE" export "$format" "$dir/b" -o /dev/full 2>"$dir/err" && fail "$format to a full disk"
	grep -q '/dev/full: No space left' "$dir/err" || fail "$format to a full disk: $(cat "$dir/err")"
done

# --for: ends in time, and the program with it
"$PAGESCAPE" record --for 0.3 -o "$dir/for" sleep 1000.25 || fail 'record --for'
pgrep -f 'sleep 1000[.]25' >/dev/null && fail 'record --for: the program runs on'
"$PAGESCAPE" export csv-faults "$dir/for" | awk -F, 'NR > 1 && $1 > 3 { exit 1 }' || fail 'record --for: too long'
"$PAGESCAPE" faults --for 0.3 --json sleep 1000.25 >"$dir/out" || fail 'faults --for'
tail -1 "$dir/out" | grep -q '"summary"' || fail 'faults --for: no summary'

# a session of version 1 always opens
"$PAGESCAPE" replay "$SRCDIR/session/v1.pgs" >"$dir/out" || fail 'version 1'
diff "$SRCDIR/session/v1.lines" "$dir/out" || fail 'version 1 is read differently'
"$PAGESCAPE" snapshot --json "$SRCDIR/session/v1.pgs" --at 0.3 | grep -q '"time": "20' || fail 'version 1: snapshot'
exit $failed
