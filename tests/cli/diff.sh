#!/bin/bash
# diff: two runs of one program do not differ, wherever the kernel placed them; and what really
# differs is shown, and nothing else.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
chmod 755 "$dir"
cp "$BUILDDIR/cli/standing" "$dir/dynamic" && chmod 755 "$dir/dynamic"
programs=dynamic
if command -v cc >/dev/null && cc -static -o "$dir/static" "$SRCDIR/cli/standing.c" 2>/dev/null; then
	programs+=' static'
else
	echo 'no static program can be made here: only a dynamic one is compared'
fi
as=()

# look FILE PROGRAM PAGES: runs it until it waits, writes its snapshot; leaves its pid in $standing
look()
{
	mkfifo "$dir/pipe.$$"
	"${as[@]}" "$dir/$2" "$3" >"$dir/pipe.$$" &
	standing=$!
	pids+=("$standing")
	read -r -n 1 -t 20 <"$dir/pipe.$$" || fail "$2 does not get ready"
	rm "$dir/pipe.$$"
	"${as[@]}" "$PAGESCAPE" snapshot --json --pages -p "$standing" >"$dir/$1" || fail 'snapshot'
}

look_and_kill()
{
	look "$@"
	kill -KILL "$standing"
	wait "$standing" 2>/dev/null
}

# same A B: no difference
same()
{
	"$PAGESCAPE" diff --exit-code "$1" "$2" >"$dir/out" 2>&1 || { fail "diff $1 $2: status $?"; cat "$dir/out"; }
	grep -q '^no difference$' "$dir/out" || fail "diff $1 $2: $(head -3 "$dir/out")"
	"$PAGESCAPE" diff --json "$1" "$2" | grep -q '"differ": false, "changed": 0' || fail "diff --json $1 $2"
}

pairs()
{
	local program
	for program in $programs; do
		look_and_kill a "$program" 3
		for _ in $(seq "$1"); do
			look_and_kill b "$program" 3
			same "$dir/a" "$dir/b"
			mv "$dir/b" "$dir/a"
		done
		# one more page
		look_and_kill b "$program" 4
		"$PAGESCAPE" diff --exit-code --pages "$dir/a" "$dir/b" >"$dir/out"
		[ $? -eq 1 ] || fail "$program: one more page: exit status"
		grep -q ' matched by order$' "$dir/out" || { fail "$program: the match is not said to be deduced"; cat "$dir/out"; }
		# a run begins with its offset; +0x16000 if no other mapping has joined
		[ "$(grep -c ' +0x' "$dir/out")" -eq 1 ] && grep -q ' +0x[0-9a-f]*6000 1  reserved -> anon$' "$dir/out" &&
			[ "$(sed '1,/^ *DIFFER/d;/^left out/d' "$dir/out" | wc -l)" -eq 2 ] ||
			{ fail "$program: one more page:"; cat "$dir/out"; }
		"$PAGESCAPE" diff --json --pages "$dir/a" "$dir/b" |
			grep -q '"changed": 1, .*"moves": \[{"was": "reserved", "now": "anon", "pages": 1}\]' || fail "$program: JSON"
	done
}
pairs 20
if [ "$(id -u)" = 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$PAGESCAPE" 2>/dev/null; then
	as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	pairs 5
	as=()
else
	echo 'not as root, or nobody cannot reach the program: only as one user'
fi

# arenas of threads, each of its own size, in different orders: each finds its own
cp "$BUILDDIR/cli/arenas" "$dir/arenas" && chmod 755 "$dir/arenas"
if [ "$(cat /proc/sys/kernel/randomize_va_space)" = 0 ]; then
	echo 'addresses are not random here: the order of arenas is not tried'
else
	look_and_kill x arenas 0
	for first in 0 1 2 3 4 0; do
		look_and_kill y arenas "$first"
		same "$dir/x" "$dir/y"
		mv "$dir/y" "$dir/x"
	done
fi

# everything, with itself
"$PAGESCAPE" diff --exit-code --json "$dir/a" "$dir/a" --all | grep -q '"matched_by": "address", "differ": false' || fail 'with itself'

# the same process: by address; live
look a dynamic 3
"$PAGESCAPE" diff --json --exit-code "$dir/a" "pid:$standing" >"$dir/out" || fail "live: $(cat "$dir/out")"
grep -q '"matched_by": "address"' "$dir/out" || fail 'live: not matched by address'

# different programs: each region is in one only, or it says how it differs
"$PAGESCAPE" diff "$dir/a" "pid:$$" >"$dir/out" || fail 'other program: status without --exit-code'
grep -q ' only in A$' "$dir/out" && grep -q ' only in B$' "$dir/out" || fail 'other program'

# two moments of a session
"$PAGESCAPE" record -o "$dir/s" bash -c 'x=$(printf "%0300000d" 1)' || fail 'record'
"$PAGESCAPE" diff --exit-code "$dir/s@0" "$dir/s" >"$dir/out"
[ $? -eq 1 ] || fail 'moments: status'
grep -q 'reserved -> anon' "$dir/out" || fail "moments: $(cat "$dir/out")"
"$PAGESCAPE" diff --exit-code "$dir/s" "$dir/s@99999" >"$dir/out" 2>"$dir/err" || fail 'the end is the end'
grep -q '^pagescape: the recording ends at .*: this is its end$' "$dir/err" || fail "a time behind the end: $(cat "$dir/err")"
"$PAGESCAPE" snapshot "$dir/s" --at 99999 2>&1 >"$dir/out" | grep -q 'the recording ends at' || fail 'snapshot --at behind the end says nothing'
"$PAGESCAPE" snapshot "$dir/s" --at 0 2>&1 >"$dir/out" | grep -q . && fail 'snapshot --at 0 says something'
# the totals are those of the snapshots
"$PAGESCAPE" snapshot --json "$dir/s" --at 0 | grep -o '"totals": {[^}]*' | grep -o '"reserved.*' >"$dir/one"
"$PAGESCAPE" diff --json "$dir/s@0" "$dir/s" | grep -o '"pages": {[^}]*' | head -n 1 | grep -o '"reserved.*' >"$dir/two"
[ -s "$dir/one" ] || fail 'no totals'
diff "$dir/one" "$dir/two" || fail 'totals'

# two processes of a session; made up: one has 16 pages, 1 of them anon, the other the same elsewhere, later gone
"$BUILDDIR/cli/make_session" "$dir/made" || fail 'make_session'
"$PAGESCAPE" diff --exit-code --json "$dir/made#100@0.8" "$dir/made#200@0.82" >"$dir/out"
grep -q '"a": {.*"pid": 100, .*"b": {.*"pid": 200, .*"moves": \[{"was": "reserved", "now": "anon", "pages": 1}, {"was": "anon", "now": "reserved", "pages": 1}\]' "$dir/out" ||
	fail "processes of a session: $(cat "$dir/out")"
cp "$dir/made" "$dir/made#200@1"
"$PAGESCAPE" diff --exit-code "$dir/made#200@1" "$dir/made#100" >"$dir/out" || fail "a file of such a name: $(cat "$dir/out")"

# a snapshot has the same as the session that it was made from
"$PAGESCAPE" snapshot --json --pages "$dir/s" >"$dir/j"
"$PAGESCAPE" diff --all --exit-code "$dir/s" "$dir/j" >"$dir/out" || fail "read back: $(cat "$dir/out")"
"$PAGESCAPE" diff --exit-code <("$PAGESCAPE" snapshot --json --pages "$dir/s") "$dir/j" >/dev/null || fail 'from a pipe'

mkfifo "$dir/fifo"
"$PAGESCAPE" snapshot --json --pages "$dir/s" >"$dir/fifo" &
pids+=($!)
"$PAGESCAPE" diff --exit-code "$dir/fifo" "$dir/j" >/dev/null || fail 'from a named pipe'

# hostile input: one line each
bad()
{
	local pattern=$1
	shift
	"$PAGESCAPE" diff "$@" >"$dir/out" 2>"$dir/err"
	[ $? -eq 1 ] && [ "$(wc -l <"$dir/err")" -eq 1 ] && [ ! -s "$dir/out" ] && grep -q "^pagescape: .*$pattern" "$dir/err" ||
		fail "diff $*: $(cat -v "$dir/err")"
}
"$PAGESCAPE" snapshot --json "$dir/s" >"$dir/bad"
bad 'without\|has no pages' "$dir/bad" "$dir/j"
for change in 's/"state": "[a-z]*"/"state": "none"/' 's/"pages": 1, "state"/"pages": 99999999, "state"/' 's/"perms": "r/"perms": "q/' \
	's/"start": "0x/"start": "0x1/' 's/"start": "0x/"start": "/' 's/"kind": "[a-z]*"/"kind": 7/' 's/"page_size": 4096/"page_size": 5000/' \
	's/"pid": [0-9]*/"pid": -1/' 's/"pid": [0-9]*/"pid": 99999999999/' 's/"command": \[/"command": [7, /' 's/"regions": \[/"regions": [7, /' \
	's/"path": "[^"]*"/"path": null/' 's/"offset": [0-9]*/"offset": -1/' 's/"device": "[^"]*"/"device": "x"/' 's/"runs": \[/"runs": [{}, /' \
	's/"flags": \[[^]]*\]/"flags": 1/' 's/"start"/"other"/'; do
	sed "$change" "$dir/j" >"$dir/bad"
	cmp -s "$dir/bad" "$dir/j" && fail "nothing changed by $change"
	bad 'not a valid snapshot' "$dir/j" "$dir/bad"
done
sed 's,pagescape.snapshot/1,pagescape.snapshot/2,' "$dir/j" >"$dir/bad"
bad 'newer version' "$dir/bad" "$dir/j"
echo '{}' >"$dir/bad"
bad 'neither a session nor a snapshot' "$dir/bad" "$dir/j"
head -c 1000 "$dir/j" >"$dir/bad"
bad 'neither a session nor a snapshot' "$dir/bad" "$dir/j"
{ printf '{"a": "'; head -c 35000000 /dev/zero | tr '\0' x; } >"$dir/bad"
bad 'too large' "$dir/bad" "$dir/j"
bad 'not a session' "$SRCDIR/cli/diff.sh" "$dir/j"
bad 'No such file' "$dir/none@1" "$dir/j"
bad 'no process 7 .*(there are 100, 200)' "$dir/made#7" "$dir/j"
bad 'process' pid:2147483647 "$dir/j"
exit "$failed"
