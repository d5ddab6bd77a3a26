#!/bin/bash
# A recorder is killed at a random moment, 100 times: what it wrote can be read up to its last
# complete frame, and the recorded process goes on as if nothing had happened. The same with
# a full disk, or a limit on the file's size.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
export LC_ALL=C.UTF-8

"$BUILDDIR/live/walker" "$work/count" &
target=$!
trap 'kill $target 2>/dev/null; finish' EXIT
until_ok test -s "$work/count" || { echo "not ok - the target does not start"; exit 1; }

moved_on() {
	[ "$(cat "$work/count")" != "$before" ]
}

# It runs, and is neither stopped nor traced.
undisturbed() {
	before=$(cat "$work/count")
	until_ok moved_on || { echo "# the target stands still"; return 1; }
	! grep -qE '^State:[[:space:]]*[tT]' "/proc/$target/status" &&
		grep -qE '^TracerPid:[[:space:]]*0$' "/proc/$target/status"
}

# readable FILE: it opens, plays to where it breaks off, and one line says so
readable() {
	"$PAGESCAPE" replay "$1" >"$work/lines" 2>"$work/err"
	local code=$?
	[ $code -eq 1 ] && [ "$(wc -l <"$work/err")" -eq 1 ] &&
		grep -qE 'breaks off at byte|damaged or truncated at byte|not a session' "$work/err" && return 0
	echo "# replay: status $code: $(cat "$work/err")"
	return 1
}

bad=0
pictures=0
RANDOM=42
for ((i = 0; i < 100; i++)); do
	file=$work/session.$i
	"$PAGESCAPE" record -o "$file" -p $target 2>/dev/null &
	recorder=$!
	# most have begun to write, some not
	[ $((i % 10)) -eq 0 ] || until_ok test -s "$file" || bad=$((bad + 1))
	sleep "0.$(printf %03d $((RANDOM % 100)))"
	kill -KILL $recorder
	wait $recorder 2>/dev/null
	if [ -s "$file" ]; then
		readable "$file" || bad=$((bad + 1))
		[ ! -s "$work/lines" ] || pictures=$((pictures + 1))
	fi
	[ $((i % 10)) -ne 9 ] || undisturbed || bad=$((bad + 1))
	rm -f "$file"
done
[ $bad -eq 0 ] && [ $pictures -ge 80 ]
result $? "killed 100 times, $pictures with a picture, $bad bad"

# a file that may not grow beyond 64 KiB
(ulimit -f 64 && "$PAGESCAPE" record -o "$work/limit" -p $target 2>"$work/err")
code=$?
[ $code -eq 1 ] && grep -q 'limit: File too large' "$work/err" && readable "$work/limit" && [ -s "$work/lines" ] &&
	undisturbed
result $? "a file that may not grow"

# a disk that is full: a tmpfs of our own, where we may mount one
cat >"$work/full.sh" <<'END'
mount -t tmpfs -o size=96k none "$1" || exit 77
"$2" record -o "$1/session" -p "$3" 2>"$4"
code=$?
cp "$1/session" "$5"
exit $code
END
mkdir "$work/disk"
unshare -m bash "$work/full.sh" "$work/disk" "$PAGESCAPE" $target "$work/err" "$work/full" 2>/dev/null
code=$?
if [ $code -ne 77 ]; then
	[ $code -eq 1 ] && grep -q 'No space left' "$work/err" && readable "$work/full" && [ -s "$work/lines" ] && undisturbed
	result $? "a full disk"
else
	echo "ok - a full disk # SKIP no file system can be mounted here"
fi

# asked to end, it closes the file
"$PAGESCAPE" record -o "$work/term" -p $target 2>/dev/null &
recorder=$!
until_ok test -s "$work/term"
kill -TERM $recorder
wait $recorder
"$PAGESCAPE" replay "$work/term" >"$work/lines" 2>"$work/err" && [ -s "$work/lines" ] && [ ! -s "$work/err" ] && undisturbed
result $? "ended by SIGTERM"
exit $status
