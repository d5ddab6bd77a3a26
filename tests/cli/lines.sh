#!/bin/bash
# Watching without a terminal: the lines of a launched and of a running program, and each way
# out: the program ends, the reader goes away, a signal.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"

# has REGEX: in the lines printed
has()
{
	grep -q -e "$1" "$dir/out" || fail "no line \"$1\""
}

is_gone()
{
	! kill -0 "$1" 2>/dev/null || grep -q 'State:.*Z' /proc/"$1"/status
}

# a launched program, from its first instruction to its end
"$PAGESCAPE" bash -c 'echo "hi there"; x=$(printf "%0100000d" 1); exit 3' >"$dir/out" 2>"$dir/err" </dev/null
[ $? -eq 0 ] || fail "launched: status $?"
[ -s "$dir/err" ] && fail "launched: $(cat "$dir/err")"
has '^00:00.000 [0-9]* process bash -c echo'
has '^[0-9:.]* [0-9]* map 0x[0-9a-f]* [0-9]* r-xp text /.*bash$'
has '^[0-9:.]* [0-9]* map 0x[0-9a-f]* [0-9]* rw-p stack \[stack\]$'
has '^[0-9:.]* [0-9]* pages 0x[0-9a-f]* [0-9]* reserved -> anon  \[heap\]+0x'
has '^[0-9:.]* [0-9]* output hi there$'
tail -n 1 "$dir/out" | grep -q ' exit 3$' || fail "the last line is: $(tail -n 1 "$dir/out")"
grep -v -n -E '^[0-9]{2,}:[0-9]{2}\.[0-9]{3} [0-9]+ [a-z]+( |$)' "$dir/out" && fail 'lines of another form'
LC_ALL=C sort -c -s -k1,1 "$dir/out" || fail 'time goes back'

"$PAGESCAPE" bash -c 'kill -KILL $$' >"$dir/out" </dev/null || fail "killed: status $?"
has ' exit signal 9 (Killed)$'

# exec becomes another program
"$PAGESCAPE" bash -c 'exec sleep 0.3' >"$dir/out" </dev/null || fail "exec: status $?"
has ' exec sleep 0.3$'
has ' text /.*sleep$'

# a running one is not stopped, and lives on
sleep 1000 &
victim=$!
pids+=("$victim")
until_true grep -q sleep /proc/$victim/comm
begin "$dir/out" env --default-signal "$PAGESCAPE" -p $victim
watch=$!
until_true grep -q ' \[stack\]' "$dir/out"
kill -INT $watch
wait $watch
[ $? -eq 130 ] || fail "SIGINT: status $?"
kill -0 $victim || fail 'the watched process died with SIGINT'
grep -q 'State:.*S' /proc/$victim/status || fail 'the watched process does not sleep on'
grep -q 'TracerPid:.*0' /proc/$victim/status || fail 'the watched process is traced'

begin "$dir/out" "$PAGESCAPE" -p $victim
watch=$!
last=$(awk 'END { print $NF }' "/proc/$victim/maps") # region: once its pages are printed, the first picture is complete
until_true grep -qF " $last+0x" "$dir/out"
kill -KILL $victim
wait $victim 2>/dev/null
until_true is_gone $watch
wait $watch
[ $? -eq 0 ] || fail "the watched process ended: status $?"
tail -n 1 "$dir/out" | grep -q -E ' (exit|zombie)$' || fail "the watched process ended: $(tail -n 1 "$dir/out")"

# a launched one ends with us: by a signal, and when the reader goes away
for signal in INT TERM HUP; do
	begin "$dir/out" env --default-signal "$PAGESCAPE" sleep 1000
	watch=$!
	until_true grep -q ' \[stack\]' "$dir/out"
	launched=$(awk 'NR == 1 { print $2 }' "$dir/out")
	kill -$signal $watch
	wait $watch 2>/dev/null
	[ $? -eq $((128 + $(kill -l $signal))) ] || fail "SIG$signal: status $?"
	until_true is_gone "$launched"
done

{ env --default-signal "$PAGESCAPE" sleep 1000 </dev/null; echo $? >"$dir/status"; } | head -n 1 >"$dir/out"
launched=$(awk 'NR == 1 { print $2 }' "$dir/out")
until_true is_gone "$launched"
until_true test -s "$dir/status"
[ "$(cat "$dir/status")" -eq 141 ] || fail "nobody reads: status $(cat "$dir/status")"

# a recording of known contents, with each kind of line
"$BUILDDIR/cli/make_session" "$dir/made" || fail 'make_session'
"$PAGESCAPE" replay "$dir/made" >"$dir/raw" 2>"$dir/err" </dev/null || fail "replay: status $?"
[ -s "$dir/err" ] && fail "replay: $(cat "$dir/err")"
cat -v "$dir/raw" | grep -v '^[0-9:.]* [0-9]* pages ' >"$dir/out"
diff - "$dir/out" <<'END' || fail 'the lines of a recording'
00:00.000 100 process demo a,"b"\n\x1b[1m M-oM-?M-=
00:00.000 100 map 0x30000 2 r-xp text /bin/de,m"o\n
00:00.000 100 map 0x100000 64 rw-p anon
00:00.400 100 protect 0x100000 64 r--p anon  was rw-p
00:00.410 100 resize 0x100000 48 r--p anon  was 0x100000 64
00:00.430 100 mark here \x1b
00:00.440 100 lost 7 faults
00:00.450 100 output a\x00bM-oM-?M-=
00:00.460 100 thread 101 worker
00:00.600 100 exec second a,"b"\n\x1b[1m M-oM-?M-=
00:00.600 100 map 0x100000 16 rw-p anon
00:00.800 100 fork 200
00:00.800 200 process child a,"b"\n\x1b[1m M-oM-?M-=
00:00.800 200 map 0x200000 16 rw-p anon
00:00.830 200 left 0x200000 1 anon -> none unmap
00:00.830 200 unmap 0x200000 16 rw-p anon
00:00.840 200 exit 3
END

exit $failed
