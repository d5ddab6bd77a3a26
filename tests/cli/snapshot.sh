#!/bin/bash
# snapshot against smaps, on stopped real programs: 0 differences. And what it prints for
# hostile names, with sources switched off, and of another user's process.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"

# state PID LETTERS: waits until the process is in one of these states
state()
{
	until_true state_is "$@"
}

state_is()
{
	local stat
	stat=$(</proc/"$1"/stat)
	[[ ${stat##*) } == [$2]' '* ]]
}

# runs PID NAME: its program's name begins with NAME (python3 is python3.11)
runs()
{
	[[ $(readlink "/proc/$1/exe") == */"$2"* ]]
}

# check NAME PID OPTION...
check()
{
	local name=$1 pid=$2 said
	shift 2
	if said=$("$PAGESCAPE" snapshot --json --pages -p "$pid" "$@" | "$BUILDDIR"/cli/check_snapshot "$pid"); then
		echo "$name $*: $said"
	else
		fail "$name $*: $said"
	fi
}

# start PROGRAM...: stops it once it waits for something; its pid is in $pid
start()
{
	exec {hold}<> <(:)
	"$@" <&$hold >/dev/null 2>&1 &
	pid=$!
	pids+=("$pid")
	until_true runs "$pid" "$1"
	state "$pid" S
	kill -STOP "$pid"
	state "$pid" T
}

start sleep 1000
check sleep "$pid"
"$PAGESCAPE" snapshot -p "$pid" >"$dir/stopped" && ! grep -q 'was running' "$dir/stopped" || fail 'a stopped process is called running'
# what the loader made read-only is called so in words, once in each file that has it, and rodata in JSON
for object in sleep libc.so.6; do
	[ "$(grep -c " r--p relro .*/$object\$" "$dir/stopped")" = 1 ] || fail "text: not one relro region of $object: $(cat "$dir/stopped")"
done
"$PAGESCAPE" snapshot --json -p "$pid" | grep -q relro && fail 'JSON says relro'
check sleep "$pid" --no-pagemap-scan
[ "$(id -u)" = 0 ] && check sleep "$pid" --frames
sleeper=$pid

# the kernel's own sums: those of the stopped process, byte for byte, in each region
check sleep "$pid" --smaps
mappings=$(wc -l </proc/"$pid"/maps)
sums=$("$PAGESCAPE" snapshot --json --smaps -p "$pid" | grep -c '"smaps": {"rss": [0-9]*, "pss": [0-9]*, "swap"')
[ "$sums" = "$mappings" ] || fail "--smaps: sums of $sums regions, the kernel has $mappings"
# the heap, which no other process maps
kernel() { awk '/^[0-9a-f]+-/ { heap = /\[heap\]/ } heap && $1 == name { print $2 }' name="$2" /proc/"$1"/smaps; }
"$PAGESCAPE" snapshot --smaps -p "$pid" >"$dir/table" || fail '--smaps'
pss=$(awk 'NR == 2 && $4 == "PSS" { found = 1 } found && /\[heap\]/ { print $4 }' "$dir/table")
[ "$pss" = "$(kernel "$pid" Pss:)K" ] || fail "--smaps: Pss is $(kernel "$pid" Pss:) kB, the table says: $pss"
grep -q 'RSS\*' "$dir/table" && fail '--smaps: the kernel is said to differ'
# where the pages do not show it, the kernel's sum is used, and marked as such
blind=$("$PAGESCAPE" snapshot --smaps --no-pagemap --no-pagemap-scan -p "$pid") || fail '--smaps without pagemap'
grep -q " ? *$(kernel "$pid" Rss:)K\* .*\[heap\]" <<<"$blind" || fail "--smaps without pagemap: $blind"
grep -q "^\* the kernel's own figure" <<<"$blind" || fail '--smaps: the mark is not explained'
denied=$("$PAGESCAPE" snapshot --json --smaps --no-smaps -p "$pid") || fail '--smaps --no-smaps'
[ "$(grep -c '"smaps": {"denied": "..*"}' <<<"$denied")" = "$(grep -c '"kind": ' <<<"$denied")" ] || fail '--smaps --no-smaps gives sums'
"$PAGESCAPE" snapshot --smaps --no-smaps -p "$pid" | grep -q 'not seen: smaps: ' || fail '--no-smaps says nothing'

# what a program maps right behind a bss is anon, though the kernel has one mapping, and one sum, for both; what
# the heap is has nothing to do with it
"$BUILDDIR"/cli/behind >"$dir/places" &
pid=$!
pids+=("$pid")
ended() { [ -s "$dir/places" ] || ! kill -0 "$pid" 2>/dev/null; }
until_true ended
if [ -s "$dir/places" ]; then
	read -r bss behind end <"$dir/places"
	state "$pid" S
	kill -STOP "$pid"
	state "$pid" T
	check behind "$pid" --smaps
	"$PAGESCAPE" snapshot --json --smaps -p "$pid" >"$dir/json" || fail 'snapshot of a joined region'
	grep -q "\"start\": \"0x$bss\", \"end\": \"0x$behind\".*\"kind\": \"bss\", \"pages\".*\"denied\": \"the kernel counts it together" "$dir/json" ||
		fail "the bss does not end at its library's end: $(grep "$bss" "$dir/json")"
	grep -q "\"start\": \"0x$behind\", \"end\": \"0x$end\".*\"path\": \"\", \"kind\": \"anon\", \"joined\": true.*\"start\": \"0x$bss\"" "$dir/json" ||
		fail "what is behind a bss is not anon: $(grep "$behind" "$dir/json")"
	grep -q '"path": "\[heap\]", "kind": "heap", "pages"' "$dir/json" || fail "no heap: $(grep heap "$dir/json")"
	"$PAGESCAPE" snapshot --smaps -p "$pid" >"$dir/table" || fail 'table of a joined region'
	page=$(($(getconf PAGESIZE) / 1024))K
	grep -q "$bss .* ? .* rw-p bss\$" "$dir/table" && grep -q "$behind .* $page .* ? .* rw-p anon\$" "$dir/table" || fail "a joined region's own Pss is said to be known: $(cat "$dir/table")"
	grep ' total' "$dir/table" | grep -q '+' && fail 'the total misses the sum of a joined region'
	grep -q '^not seen: smaps: .*after it' "$dir/table" || fail 'it is not said why sums are missing'
else
	wait "$pid"
	[ $? = 77 ] && echo 'skipped: there is no room behind the bss of the C library' || fail 'cli/behind failed'
fi

start bash -c 'read x; read y'
check bash "$pid"

if command -v python3 >/dev/null; then
	start python3 -c 'import json, threading, time
x = [str(i) for i in range(200000)]
[threading.Thread(target=time.sleep, args=(1000,)).start() for i in range(4)]'
	check python3 "$pid"
	check python3 "$pid" --no-pagemap-scan
else
	echo 'skipped: python3 is not installed'
fi

# hostile names
mkdir "$dir/files"
exec {hold}<> <(:)
"$BUILDDIR"/cli/hostile "$dir/files" <&$hold >"$dir/ready" &
hostile=$!
pids+=("$hostile")
until_true grep -q ready "$dir/ready"
state "$hostile" S
check hostile "$hostile"
"$PAGESCAPE" snapshot --pages -p "$hostile" >"$dir/table" || fail 'table of hostile names'
LC_ALL=C grep -n -P '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae' "$dir/table" && fail 'control characters in the table'
grep -q 'esc\\x1b\[31m' "$dir/table" || fail 'ESC is not shown as \x1b'
grep -q 'new\\nline' "$dir/table" || fail 'a newline is not shown as \n'
grep -q 'broken��\?(utf8' "$dir/table" || fail 'broken UTF-8 is not shown as U+FFFD'
grep -q 'dddddd.*/deep' "$dir/table" || fail 'the deep path is not there'
"$PAGESCAPE" snapshot --json -p "$hostile" >"$dir/json" || fail 'JSON of hostile names'
LC_ALL=C grep -n -P '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]' "$dir/json" && fail 'control characters in JSON'
grep -q 'c1\\u009B31m' "$dir/json" || fail 'C1 is not escaped in JSON'
grep -q 'turn\\u202Egpj' "$dir/json" || fail 'a change of direction is not escaped in JSON'
iconv -f UTF-8 -t UTF-8 "$dir/json" >/dev/null || fail 'JSON is not UTF-8'

# what is switched off is unknown, not zero
off=$("$PAGESCAPE" snapshot --no-pagemap --no-pagemap-scan -p "$sleeper") || fail '--no-pagemap'
grep -q 'not seen: pagemap' <<<"$off" || fail '--no-pagemap says nothing'
grep -q '\[heap\]' <<<"$off" && ! grep '\[heap\]' <<<"$off" | grep -q '?' && fail '--no-pagemap gives figures'
"$PAGESCAPE" snapshot --json --no-pagemap --no-pagemap-scan -p "$sleeper" | grep -q '"reserved"' &&
	fail '--no-pagemap calls pages reserved'

# as an ordinary user
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	cp "$PAGESCAPE" "$dir/pagescape" && chmod 755 "$dir" "$dir/pagescape"
	"${as_nobody[@]}" "$dir/pagescape" snapshot -p 1 >"$dir/out" 2>"$dir/err" &&
		fail 'nobody may look at process 1'
	[ "$(wc -l <"$dir/err")" = 1 ] && grep -q '^pagescape: .*\(sudo\|root\|CAP_SYS_PTRACE\)' "$dir/err" ||
		fail "nobody on process 1: $(cat "$dir/err")"
	[ -s "$dir/out" ] && fail 'a refused snapshot prints a table'
	"${as_nobody[@]}" sleep 1000 &
	pids+=($!)
	until_true grep -qx sleep "/proc/$!/comm"
	state $! S
	if said=$("${as_nobody[@]}" "$dir/pagescape" snapshot --json --pages -p $! |
		"$BUILDDIR"/cli/check_snapshot $!); then
		echo "sleep as nobody: $said"
	else
		fail "sleep as nobody: $said"
	fi
	"${as_nobody[@]}" "$dir/pagescape" snapshot --frames -p $! >"$dir/out" 2>"$dir/err"
	[ $? -eq 1 ] && grep -q '^pagescape: frame numbers' "$dir/err" || fail "--frames as nobody: $(cat "$dir/err")"
fi
exit $failed
