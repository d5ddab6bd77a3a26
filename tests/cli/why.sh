#!/bin/bash
# why: what it takes for a session and what for a program, moments and processes of sessions, each form of output,
# hostile names, and what it refuses.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"

refuses() # refuses TEXT ARG...: wrong usage, and says so
{
	local text=$1
	shift
	"$PAGESCAPE" why "$@" >"$dir/out" 2>"$dir/err" </dev/null
	[ $? = 2 ] && grep -q -e "$text" "$dir/err" || fail "why $*: $(head -1 "$dir/err")"
}
refuses 'needs -p PID, a SESSION or a PROGRAM'
refuses 'are mutually exclusive' --json --markdown true
refuses 'not both' -p $$ "$SRCDIR/session/v1.pgs"
refuses '--at needs a SESSION' --at 1 -p $$
refuses '--for needs' --for 1 "$SRCDIR/session/v1.pgs"
refuses 'not in a session' --read "$SRCDIR/session/v1.pgs"
refuses 'does not take --pages' --pages true

# a session of the first version has no figures of the kernel's: they are unknown, not 0
"$PAGESCAPE" why --json "$SRCDIR/session/v1.pgs" >"$dir/json" || fail 'why of an old session'
grep -q '"from": "pages"' "$dir/json" && grep -q '"figures": {}' "$dir/json" && grep -q 'were not read' "$dir/json" &&
	! grep -q '"pss"' "$dir/json" || fail 'an old session has figures of the kernel'

# moments and processes: 100 has become "second" by exec at 0.6 s, 200 is its child
"$BUILDDIR/cli/make_session" "$dir/made" || fail 'make_session'
pid_of() { "$PAGESCAPE" why --json "$@" | sed -n 's/^  "pid": \([0-9]*\),$/\1/p'; }
[ "$(pid_of "$dir/made")" = 100 ] || fail 'the first process of a session'
[ "$(pid_of "$dir/made#200")" = 200 ] || fail 'another process of a session'
"$PAGESCAPE" why --json "$dir/made" --at 0.5 >"$dir/early"
"$PAGESCAPE" why --json "$dir/made@0.5" | cmp -s - "$dir/early" || fail '--at and @ differ'
"$PAGESCAPE" why --json "$dir/made" | cmp -s - "$dir/early" && fail 'all moments are the same'
grep -q '"name": "memset"' "$dir/early" || grep -q '"name": "store"' "$dir/early" || fail 'names that come later'
"$PAGESCAPE" why "$dir/made#300" 2>"$dir/err" && fail 'a process that is not there'
grep -q 'there is no process 300' "$dir/err" || fail "no process: $(head -1 "$dir/err")"

# what is called like a session is a program behind "--"; its output goes to standard error
cp "$SRCDIR/session/v1.pgs" "$dir/session"
"$PAGESCAPE" why -- "$dir/session" >"$dir/out" 2>"$dir/err" && fail 'a session was run'
[ -s "$dir/out" ] && fail 'a session behind -- was read'
"$PAGESCAPE" why -- sh -c 'echo said; exit 3' >"$dir/out" 2>"$dir/err" || fail 'why of a program'
grep -q '^said' "$dir/err" && ! grep -q '^said' "$dir/out" || fail "where the program's output goes"
grep -q 'it has ended: this is the last look before its end' "$dir/out" || fail 'the last look'
grep -q '^What is resident' "$dir/out" && grep -q '^Who owns it' "$dir/out" || fail 'sections of the text'
awk 'length > 100 { exit 1 }' "$dir/out" || fail 'lines are too long'

# a signal that ended it is named
"$PAGESCAPE" why -- sh -c 'kill -SEGV $$' >"$dir/out" 2>"$dir/err" || fail 'why of a program that dies'
sed -n 2,4p "$dir/out" | tr '\n' ' ' | grep -q 'killed by SIGSEGV' || fail "the signal: $(sed -n 2,4p "$dir/out")"
"$PAGESCAPE" why --json -- sh -c 'kill -SEGV $$' 2>"$dir/err" | grep -q '"signal": "SIGSEGV"' || fail 'the signal in JSON'

# a reader that closes the pipe gets no error message, and the watched program ends
{
	env --default-signal=PIPE "$PAGESCAPE" why -- sleep 20 2>"$dir/err"
	echo $? >"$dir/status"
} | exec <&-
[ "$(cat "$dir/status")" = 141 ] && [ ! -s "$dir/err" ] || fail "a closed pipe: $(cat "$dir/status" "$dir/err")"

"$PAGESCAPE" why --markdown "$dir/made" >"$dir/md" || fail 'markdown'
grep -q '^# second' "$dir/md" && grep -q '^## Who owns it' "$dir/md" && grep -q '^| .* | .* | .* |$' "$dir/md" ||
	fail 'markdown without its parts'

# names that try to do harm
record_hostile
for form in '' --markdown --json; do
	"$PAGESCAPE" why $form "$dir/hostile" >"$dir/out" || fail "hostile names $form"
	[ -s "$dir/out" ] || fail "hostile names $form: nothing is said"
	LC_ALL=C grep -q $'[\x01-\x08\x0b-\x1f\x7f]' "$dir/out" && fail "hostile names $form: control characters"
done
exit "$failed"
