#!/bin/bash
# export: the tool that each format is for can open it, and it has the facts of a session with
# known contents (cli/make_session.c), and of a real one.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
# shellcheck source=tests/cli/tables.sh
. "$SRCDIR/cli/tables.sh"

# what is the same each time: of a PDF all but when it was made
undated() { sed 's/CreationDate ([^)]*)//'; }

"$BUILDDIR/cli/make_session" "$dir/made" || fail 'make_session'
"$PAGESCAPE" record -o "$dir/real" bash -c 'x=$(printf "%0300000d" 1); exec bash -c true' >/dev/null || fail 'record'
"$PAGESCAPE" snapshot --json --pages "$dir/made" >"$dir/snapshot"
for session in made real; do
	for format in $formats; do
		"$PAGESCAPE" export "$format" "$dir/$session" -o "$dir/$session.$format" >"$dir/out" 2>&1 || fail "$format of $session: $?"
		[ -s "$dir/out" ] && fail "$format says: $(cat "$dir/out")"
		[ -s "$dir/$session.$format" ] || fail "$format of $session: nothing"
		"$PAGESCAPE" export "$format" "$dir/$session" | undated | cmp - <(undated <"$dir/$session.$format") || fail "$format: another to standard output"
	done
done

# folded: written by hand; names that came later, inlined functions, exec, a cut stack
cat >"$dir/expected" <<'END'
child-200;[no stack];[kernel] 1
demo-100;[no stack];memset 1
demo-100;main;fill:hostile\n;store;memset 17
second-100;[cut: sample];[unknown];other 1
END
diff "$dir/expected" "$dir/made.folded" || fail 'folded'
for session in made real; do
	# as flamegraph.pl and speedscope take them apart
	grep -qvE '^[^;]+(;[^;]+)* [0-9]+$' "$dir/$session.folded" && fail "folded: $session: a line that is none"
	[ "$(awk '{ n += $NF } END { print n }' "$dir/$session.folded")" = \
		"$(awk -F, 'NR > 1 { n += 1 + $14 + $15 } END { print n }' "$dir/$session.csv-faults")" ] || fail "folded: $session: sum"
done

# with a top level: the process, or the region that was touched
for top in process region; do
	"$PAGESCAPE" export folded --top $top "$dir/made" | sed 's/;.*//' | sort -u | tr '\n' ' ' >"$dir/tops"
	expected='child-200 demo-100 second-100 '
	[ $top = process ] || expected='anon '
	[ "$(cat "$dir/tops")" = "$expected" ] || fail "folded --top $top: $(cat "$dir/tops")"
done
"$PAGESCAPE" export folded --top region "$dir/real" | awk '{ n += $NF } END { print n }' |
	cmp - <(awk '{ n += $NF } END { print n }' "$dir/real.folded") || fail 'folded --top region: sum'
"$PAGESCAPE" export speedscope --top region "$dir/real" | grep -q '"name": "\[heap\]"' || fail 'speedscope --top region'
"$PAGESCAPE" export csv --top region "$dir/made" >/dev/null 2>"$dir/err"
[ $? -eq 2 ] && grep -q 'csv has no stacks' "$dir/err" || fail "csv takes --top: $(cat "$dir/err")"
"$PAGESCAPE" export folded --top colour "$dir/made" >/dev/null 2>"$dir/err"
[ $? -eq 2 ] && grep -q 'process or region' "$dir/err" || fail "--top colour: $(cat "$dir/err")"

# packed formats and speedscope: by the published schemas, against the formats above
if command -v python3 >/dev/null; then
	for session in made real; do
		python3 "$SRCDIR/cli/decode.py" "$dir" $session || fail "decode.py: $session"
	done
else
	echo 'python3 is missing: speedscope, pprof and perfetto are not read back'
fi
if go tool pprof -h >/dev/null 2>&1 || go tool pprof -h 2>&1 | grep -q usage; then
	for session in made real; do
		HOME=$dir go tool pprof -symbolize=none -sample_index=pages -nodecount=0 -nodefraction=0 -top "$dir/$session.pprof" >"$dir/top" 2>"$dir/err" ||
			fail "go tool pprof: $(cat "$dir/err")"
		grep -q "of $(awk '{ n += $NF } END { print n }' "$dir/$session.folded") total" "$dir/top" || fail "go tool pprof: $(head -n 7 "$dir/top")"
	done
	HOME=$dir go tool pprof -raw "$dir/made.pprof" 2>/dev/null | grep -q 'faults/count major_faults/count pages/count\[dflt\] memory/bytes' ||
		fail 'go tool pprof -raw'
else
	echo 'go is missing: pprof is not opened by its own tool'
fi

# part of the time: what the whole has there, and nothing else
for session in made real; do
	# between two faults of the session, both included
	from=$(sed -n 2p "$dir/$session.csv-faults" | cut -d, -f1) to=$(tail -n 2 "$dir/$session.csv-faults" | head -n 1 | cut -d, -f1)
	part=(--from "$from" --to "$to")
	"$PAGESCAPE" export csv-faults "$dir/$session" "${part[@]}" >"$dir/part" || fail "csv-faults ${part[*]}"
	awk -F, -v from="$from" -v to="$to" 'NR == 1 || ($1 + 0 >= from + 0 && $1 + 0 <= to + 0)' "$dir/$session.csv-faults" |
		cmp - "$dir/part" || fail "csv-faults: $session ${part[*]}"
	[ "$(wc -l <"$dir/part")" -lt "$(wc -l <"$dir/$session.csv-faults")" ] || fail "csv-faults: $session: all is in the part"
	sum=$(awk -F, 'NR > 1 { n += 1 + $14 + $15 } END { print n }' "$dir/part")
	[ "$("$PAGESCAPE" export folded "$dir/$session" "${part[@]}" | awk '{ n += $NF } END { print n }')" = "$sum" ] ||
		fail "folded: $session ${part[*]}"
	"$PAGESCAPE" export jsonl "$dir/$session" "${part[@]}" >"$dir/part" || fail "jsonl ${part[*]}"
	sed -E 's/.*"time": ([0-9.]+).*/\1 &/' "$dir/$session.jsonl" |
		awk -v from="$from" -v to="$to" '$1 + 0 >= from + 0 && $1 + 0 <= to + 0' | cut -d' ' -f2- |
		cmp - "$dir/part" || fail "jsonl: $session ${part[*]}"
done
"$PAGESCAPE" export csv "$dir/made" --from 1 >/dev/null 2>&1 && fail 'csv takes --from'
"$PAGESCAPE" export jsonl "$dir/made" --from 2 --to 1 >/dev/null 2>&1 && fail '--from behind --to'

if command -v python3 >/dev/null; then
	python3 - "$dir" "$PAGESCAPE" "$("$PAGESCAPE" help states | awk '{ print $2 }')" <<'END' || fail 'JSON and CSV'
import csv, json, subprocess, sys
from collections import Counter
folder, pagescape, states = sys.argv[1:]
bad = []
def check(what, got, expected):
    if got != expected:
        bad.append(f'{what}: {got!r}, expected {expected!r}')
def lines(name): return [json.loads(line) for line in open(f'{folder}/{name}.jsonl', encoding='utf-8')]
def rows(name): return list(csv.DictReader(open(f'{folder}/{name}', encoding='utf-8', newline=''), strict=True))

made = lines('made')
check('events', Counter(e['event'] for e in made), Counter(process=1, fork=1, exec=1, map=4, unmap=1, left=1, pages=9, fault=5,
    protect=1, change=1, call=1, mark=1, lost=1, output=1, thread=1, stop=1, exit=1))
fault = [e for e in made if e['event'] == 'fault']
check('time', fault[0]['time'], 0.1)
check('fault', {k: fault[1][k] for k in ('tid', 'address', 'ip', 'kind', 'access', 'access_from', 'cause', 'was', 'now', 'after', 'symbol', 'offset')},
    {'tid': 100, 'address': '0x110010', 'ip': '0x30010', 'kind': 'minor', 'access': 'write', 'access_from': 'inferred',
     'cause': 'zero-fill', 'was': 'reserved', 'now': 'anon', 'after': 15, 'symbol': 'memset', 'offset': 44})
check('region', fault[1]['region'], {'start': '0x100000', 'kind': 'anon', 'path': ''})
check('stack', [(s['ip'], s.get('symbol'), s.get('source'), s.get('inlined')) for s in fault[0]['stack']],
    [('0x30010', 'memset', None, None), ('0x30020', 'store', 'demo.c:7', True), ('0x30020', 'fill;hostile\n', 'demo.c:14', None),
     ('0x30030', 'main', 'demo.c:31', None)])
check('no stack', 'stack' in fault[2], False)
check('after exec', [s.get('symbol') for s in fault[3]['stack']], ['other', None])
check('cut', (fault[3]['stack_cut'], fault[3]['stack_cut_why'], fault[3]['stack_deduced']), (True, 'sample', 1))
check('whole', 'stack_cut' in fault[0] or 'stack_cut_why' in fault[0] or 'stack_deduced' in fault[0], False)
event = {e['event']: e for e in made}
check('protect', (event['protect']['perms'], event['protect']['was']['perms']), ('r--p', 'rw-p'))
check('change', (event['change']['end'], event['change']['was']['end']), ('0x130000', '0x140000'))
check('output', event['output']['text'], 'a\0b\ufffd\n')
check('call', (event['call']['name'], event['call']['result'], len(event['call']['stack'])), ('munmap', '0x0', 3))
check('exit', event['exit']['code'], 3)
check('fork', (event['fork']['pid'], event['fork']['parent']), (200, 100))
check('path', made[1]['path'], '/bin/de,m"o\n')
check('argv', made[0]['command'], ['demo', 'a,"b"\n\033[1m', '\ufffd'])

faults = rows('made.csv-faults')
check('csv-faults', [(f['time'], f['pid'], f['function'], f['stack'], f['after']) for f in faults],
    [('0.100000000', '100', 'memset', 'main;fill:hostile\\n;store;memset', '0'),
     ('0.200000000', '100', 'memset', 'main;fill:hostile\\n;store;memset', '15'), ('0.300000000', '100', 'memset', '', '0'),
     ('0.700000000', '100', 'other', '[cut: sample];[unknown];other', '0'), ('0.810000000', '200', '', '', '0')])

regions = rows('made.csv')
check('csv: region 2', [(r['time'], r['perms'], r['pages'], r['anon'], r['resident'], r['reserved']) for r in regions if (r['pid'], r['region']) == ('100', '2')],
    [('0.000000000', 'rw-p', '64', '0', '0', '64'), ('0.350000000', 'rw-p', '64', '18', '18', '46'),
     ('0.500000000', 'r--p', '48', '18', '18', '30'), ('0.750000000', 'r--p', '0', '0', '0', '0')])
check('csv: path', regions[0]['path'], '/bin/de,m"o\\n')

# a real one: at each of some moments the last rows are the snapshot; and so is the end of a snapshot's export
real = rows('real.csv')
times = sorted({float(r['time']) for r in real})
states = states.split()
for at in times[:: max(1, len(times) // 10)] + [times[-1]]:
    last = {}
    for r in real:
        if float(r['time']) <= at:
            last[r['region']] = r
    got = {(r['start'], r['end'], r['perms']): {s: int(r[s]) for s in states if int(r[s])} for r in last.values() if int(r['pages'])}
    snapshot = json.loads(subprocess.run([pagescape, 'snapshot', '--json', f'{folder}/real', '--at', f'{at:.9f}'], capture_output=True, check=True).stdout)
    check(f'csv at {at}', got, {(r['start'], r['end'], r['perms']): r['pages'] for r in snapshot['regions']})
events = lines('real')
check('faults', len([e for e in events if e['event'] == 'fault']), len(rows('real.csv-faults')))
for which in ('made', 'real'):
    check('left', [(e['start'], str(e['pages']), e['reason']) for e in lines(which) if e['event'] == 'left'],
        [(r['start'], r['pages'], r['reason']) for r in rows(which + '.csv-left')])
check('exec', len([e for e in events if e['event'] == 'exec']), 1)
for e in events:
    if e['event'] == 'pages' and e.get('was') == e['now']:
        bad.append(f'no change: {e}')
print('\n'.join(bad))
sys.exit(bool(bad))
END
else
	echo 'python3 is missing: JSON and CSV are not read back'
fi

if command -v sqlite3 >/dev/null; then
	# sql SESSION QUERY EXPECTED
	sql()
	{
		local got
		got=$(sqlite3 "$dir/$1.sqlite" "$2" 2>&1)
		[ "$got" = "$3" ] || fail "$1: $2: $got, expected $3"
	}
	for session in made real; do
		sql $session 'PRAGMA integrity_check' ok
		sql $session 'PRAGMA foreign_key_check' ''
		sql $session 'SELECT count(*) FROM faults' $(($(wc -l <"$dir/$session.csv-faults") - 1))
		sql $session 'SELECT count(*) FROM departures' $(($(wc -l <"$dir/$session.csv-left") - 1))
		sql $session 'SELECT sum(pages) FROM faults' "$(awk '{ n += $NF } END { print n }' "$dir/$session.folded")"
		sql $session 'SELECT count(*) FROM page_changes' "$(grep -c '"event": "pages"' "$dir/$session.jsonl")"
	done
	sql made 'SELECT group_concat(pid || comm || coalesce(status, "")) FROM processes' '100demoexec,100second,200childexit 3'
	sql made 'SELECT functions FROM stack_list' $'main;fill;hostile\\n;memset\nfill;hostile\\n;memset\n0x30030;other'
	sql made 'SELECT function FROM inlined' store
	sql made 'SELECT function, count(*) FROM fault_list GROUP BY 1 ORDER BY 1' $'|1\nmemset|3\nother|1'
	sql made 'SELECT perms, since, until FROM region_list WHERE pid = 100 AND region = 3' 'r--p|0.4|0.41'
	sql made 'SELECT name, args, result, errno FROM calls' 'munmap|0x130000, 65536|0|'
	sql made 'SELECT count, what FROM lost' '7|faults'
	# the state at the end is what the snapshot says
	sql real "SELECT state, sum(pages) FROM page_runs WHERE state = 'anon'" "$("$PAGESCAPE" snapshot --json "$dir/real" | grep -o '"totals": {[^}]*}' | sed -n 's/.*"anon": \([0-9]*\).*/anon|\1/p')"
	# the queries of the manual
	queries=0
	while read -r query; do
		queries=$((queries + 1))
		sqlite3 -batch "$dir/made.sqlite" "$query" >"$dir/out" 2>&1 && [ -s "$dir/out" ] || fail "query of the manual: $query: $(cat "$dir/out")"
	done < <(sed -n '/^\.\\" queries/,/^\.\\" end of queries/p' "$SRCDIR/../man/pagescape.1" |
		awk '/^SELECT/ { q = "" } /^[A-Z ]/ { q = q " " $0 } /;$/ { print q; q = "" }')
	[ $queries -eq 5 ] || fail "the manual has $queries queries"
else
	echo 'sqlite3 is missing: databases are not read back'
fi

# hostile names: no format has a control character, and tables of two formats can be joined
record_hostile
for format in $formats; do
	"$PAGESCAPE" export "$format" "$dir/hostile" -o "$dir/hostile.$format" || fail "$format of hostile names"
	# packed: decode.py looks at their texts; drawn: there are none; the page's own script has tabs
	case $format in
	sqlite | pprof | perfetto | png | pdf) continue ;;
	html) tr -d '\t' <"$dir/hostile.html" >"$dir/out" && mv "$dir/out" "$dir/hostile.html" ;;
	esac
	LC_ALL=C grep -n -P '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]' "$dir/hostile.$format" && fail "$format: control characters"
done
! command -v python3 >/dev/null || python3 "$SRCDIR/cli/decode.py" "$dir" hostile || fail 'decode.py: hostile names'
grep -q 'turn\\u202Egpj' "$dir/hostile.jsonl" || fail 'jsonl: the hostile name is not there'
if command -v sqlite3 >/dev/null; then
	printf '%s\n' '.mode csv' ".import $dir/hostile.csv csv" \
		'SELECT count(DISTINCT path) FROM csv JOIN regions USING(path);' \
		'SELECT count(DISTINCT path) FROM csv;' >"$dir/query"
	sqlite3 "$dir/hostile.sqlite" <"$dir/query" >"$dir/out"
	[ "$(head -n 1 "$dir/out")" = "$(tail -n 1 "$dir/out")" ] && [ "$(head -n 1 "$dir/out")" -gt 8 ] ||
		fail "csv and sqlite do not join: $(tr '\n' ' ' <"$dir/out")"
fi

# a target that knows what it did: main writes to five pages, two apart, and reads two others
if ! faults_refused "$dir/err"; then
	mkfifo "$dir/standing"
	exec {standing}<>"$dir/standing" # opened for reading and writing, so as not to wait for a program that never opens it
	"$PAGESCAPE" record -o "$dir/known" "$BUILDDIR/cli/standing" 5 >"$dir/standing" &
	record=$!
	pids+=("$record")
	read -r -n 1 -t "$deadline" <&"$standing" || fail 'the target does not get ready'
	kill -TERM $record
	wait $record
	# by code in the page of main, which also wrote to the variables (a recording that is cut short has no names)
	"$PAGESCAPE" export csv-faults "$dir/known" >"$dir/known.csv"
	code=$(awk -F, '$17 == "data" && $7 == "cow-file" { code = substr($19, 1, length($19) - 3) } END { print code }' "$dir/known.csv")
	awk -F, -v code="$code" 'index($19, code) == 1 && $17 == "anon" { print $7, $11, $12, $10 }' "$dir/known.csv" >"$dir/out"
	# of two pages that are read only: where the kernel has no page of zeroes for all, they are their own, too
	read=$(grep -c '^zero-page reserved zero 0x' "$dir/out")
	written=$(grep -c '^zero-fill reserved anon 0x' "$dir/out")
	{ [ "$written $read" = "5 2" ] || [ "$written $read" = "7 0" ]; } && [ "$(wc -l <"$dir/out")" -eq 7 ] ||
		fail "the target's faults: $(cat "$dir/out")"
	before=
	while read -r _ _ _ address; do
		[ -z "$before" ] || [ $((address - before)) -eq $((2 * $(getconf PAGESIZE))) ] || fail "not two pages apart: $(cat "$dir/out")"
		before=$address
	done < <(head -n 5 "$dir/out")
else
	echo 'page faults cannot be seen here: none are exported from a known target'
fi

# from a snapshot
for format in $formats; do
	"$PAGESCAPE" export "$format" "$dir/snapshot" -o "$dir/s.$format" || fail "$format of a snapshot"
done
[ "$(grep -c '^0.000000000,100,' "$dir/s.csv")" -eq 1 ] || fail "csv of a snapshot: $(cat "$dir/s.csv")"
grep -q '"event": "pages", .*"now": "anon"' "$dir/s.jsonl" || fail 'jsonl of a snapshot'

# pipes: from one, and a reader that goes away
"$PAGESCAPE" export csv - <"$dir/made" | cmp - "$dir/made.csv" || fail 'from standard input'
cat "$dir/made" | "$PAGESCAPE" export csv - | cmp - "$dir/made.csv" || fail 'from a pipe'
"$PAGESCAPE" export jsonl "$dir/real" 2>"$dir/err" | head -n 1 >/dev/null
[ -s "$dir/err" ] && fail "reader gone: $(cat "$dir/err")"

# wrong STATUS PATTERN ARG...: prints one line, and leaves no output
wrong()
{
	local status=$1 pattern=$2 got
	shift 2
	"$PAGESCAPE" export "$@" 2>"$dir/err" >"$dir/out"
	got=$?
	[ $got -eq "$status" ] && [ "$(wc -l <"$dir/err")" -eq 1 ] && grep -q "^pagescape: .*$pattern" "$dir/err" ||
		fail "export $*: status $got, $(cat -v "$dir/err")"
	compgen -G "$dir/new*" >/dev/null && fail "export $*: left $(echo "$dir"/new*)"
}
wrong 2 'no such format: perl (there are jsonl, csv, csv-faults, csv-left, sqlite, folded, speedscope, pprof, perfetto, pages, svg' perl "$dir/made"
wrong 2 'needs a FORMAT'
wrong 2 'needs a SESSION' csv
TMPDIR=$dir/none wrong 1 'cannot write a file in .*/none: No such file' sqlite "$dir/made" -o "$dir/new"
wrong 2 'unexpected argument: x' csv "$dir/made" x
wrong 1 'No such file' csv "$dir/none" -o "$dir/new"
wrong 1 'not a session' sqlite /etc/passwd -o "$dir/new"
wrong 1 'already exists' csv "$dir/made" -o "$dir/made.csv"
wrong 1 'already exists' sqlite "$dir/made" -o "$dir/made.sqlite"
wrong 1 'is the input' csv "$dir/made" -o "$dir/made" --force
wrong 1 'No such file' csv "$dir/made" -o "$dir/none/new"
wrong 1 'No space' csv "$dir/made" -o /dev/full
echo '{"schema": "pagescape.snapshot/1"}' >"$dir/bad"
for format in $formats; do
	wrong 1 'not a valid snapshot' $format "$dir/bad" -o "$dir/new"
done
"$PAGESCAPE" export csv "$dir/made" >/dev/full 2>"$dir/err"
[ $? -eq 1 ] && grep -q 'No space' "$dir/err" || fail "full: $(cat "$dir/err")"
"$PAGESCAPE" export csv "$dir/made" -o "$dir/made.sqlite" --force && cmp "$dir/made.csv" "$dir/made.sqlite" || fail '--force'

# interrupted while it waits for more of a pipe: nothing is left
mkfifo "$dir/pipe"
exec {pipe}<>"$dir/pipe"
"$PAGESCAPE" export csv "$dir/pipe" -o "$dir/new" &
export=$!
pids+=("$export")
has_output() { find /proc/$export/fd -lname "$dir/*deleted*" | grep -q .; }
head -c 2000 "$dir/real" >&"$pipe"
until_true has_output
kill -TERM $export
wait $export
status=$?
exec {pipe}>&-
[ $status -eq 143 ] || fail "interrupted: status $status"
compgen -G "$dir/new*" >/dev/null && fail "interrupted: left $(echo "$dir"/new*)"

# and while it opens a pipe that nothing reads
mkfifo "$dir/unread"
waits() { grep -q '^State:.S' /proc/$export/status && [ "$(readlink /proc/$export/exe)" = "$(realpath "$PAGESCAPE")" ]; }
for number in 1 2 15; do
	env --default-signal=INT "$PAGESCAPE" export csv "$dir/made" -o "$dir/unread" &
	export=$!
	pids+=("$export")
	until_true waits
	kill -$number $export
	wait $export
	status=$?
	[ $status -eq $((128 + number)) ] || fail "opening, signal $number: status $status"
done
[ -p "$dir/unread" ] || fail 'opening: the pipe is gone'

# a session that breaks off: its sound part, and one line
head -c $(($(stat -c %s "$dir/real") - 30)) "$dir/real" >"$dir/cut"
for format in $formats; do
	"$PAGESCAPE" export "$format" "$dir/cut" -o "$dir/cut.$format" 2>"$dir/err" && fail "$format: cut: success"
	[ "$(wc -l <"$dir/err")" -eq 1 ] && grep -q 'damaged or truncated at byte\|breaks off' "$dir/err" || fail "$format: cut: $(cat "$dir/err")"
	[ -s "$dir/cut.$format" ] || fail "$format: cut: nothing"
done
cmp "$dir/cut.jsonl" <(head -n "$(wc -l <"$dir/cut.jsonl")" "$dir/real.jsonl") || fail 'cut: not the beginning of the whole'
exit "$failed"
