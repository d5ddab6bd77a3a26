#!/bin/bash
# check: of a program at its end and at marks, of a running process, of a recording; its outcomes, exit
# statuses and formats.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
status=0
export LC_ALL=C.UTF-8
unset LANGUAGE
demo=$work/demo
cat >"$demo.c" <<'END'
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
char *area;
int rounds;
static void fill(int pages)
{
	for (int i = 0; i < pages; i++)
		area[i * 4096] = 1;
}
int main(int argc, char **argv)
{
	area = mmap(NULL, 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (; rounds < 3; rounds++)
		fill(2 + rounds); /* @round */
	puts("all <done> & \"well\""); /* @filled */
	fflush(stdout);
	if (argc > 1 && !strcmp(argv[1], "wait"))
		pause();
	if (argc > 1)
		*(char *)NULL = 1;
	return 5;
}
END
${CC:-cc} -O0 -g -o "$demo" "$demo.c" || { echo "ok - check # SKIP no compiler"; exit 77; }

# is WHAT STATUS ARGUMENT...: runs check with the arguments; output in out, errors in err
is() {
	local what=$1 wanted=$2 got
	shift 2
	"$PAGESCAPE" check "$@" >"$work/out" 2>"$work/err" </dev/null
	got=$?
	if [ $got = "$wanted" ]; then
		echo "ok - $what"
	else
		echo "not ok - $what: exit status $got, not $wanted"
		sed 's/^/# /' "$work/out" "$work/err"
		status=1
	fi
}
# has WHAT TEXT: the output has this line
has() {
	if grep -qxF -e "$2" "$work/out" "$work/err"; then
		echo "ok - $1"
	else
		echo "not ok - $1: no line \"$2\""
		sed 's/^/# /' "$work/out" "$work/err"
		status=1
	fi
}

is "what holds at the end" 0 'resident of area[8 pages] = 4 pages' 'exit = 5' 'rounds = 3' 'signal = none' \
	'copy of text = 0' 'faults of function fill = 4' -- "$demo"
has "the sum" "$demo: 6 hold, 0 fail, 0 cannot be checked here"
if grep -q 'all <done> & "well"' "$work/err"; then echo "ok - its output is on standard error"; else
	echo "not ok - its output is on standard error"
	status=1
fi
is "one that fails" 1 'resident of area[8 pages] = 5 pages' 'exit = 5' "$demo"
has "what was there instead" 'resident of area[8 pages] = 5 pages: it is 4 pages'
is "at a mark, the first time" 0 'resident of area[8 pages] at mark round = 0' 'rounds at mark filled = 3' \
	'faults of area[8 pages] since round = 4' 'resident of area[8 pages] at mark "demo.c:16" = 0' "$demo"
is "a mark that is not reached" 1 'rounds at mark "demo.c:22" = 0' "$demo"
has "why it is not known" 'rounds at mark "demo.c:22" = 0: cannot be checked here: the program has not reached the mark'
is "what is not known may be allowed" 0 --allow-unknown 'rounds at mark "demo.c:22" = 0' "$demo"
is "an end by a signal" 0 'signal = SIGSEGV' 'status = killed' 'cause of fault at 0x0 = no-region' 'rounds = 3' \
	-- "$demo" die
is "a program that never ends" 1 --timeout 1 'status = exited' -- bash -c 'while :; do :; done' "$work"
has "that it was killed" \
	"pagescape: bash was still running after 1 s: it was killed, and nothing was checked"
if pgrep -f "do :; done $work" >/dev/null; then
	echo "not ok - it has ended"
	status=1
else
	echo "ok - it has ended"
fi
is "one that ends in time" 0 --timeout 60 'exit = 5' -- "$demo"
is "no time at all" 2 --timeout 0 'exit = 5' -- "$demo"
is "no such mark" 1 'rounds at mark nowhere = 0' "$demo"
sed 's|rounds < 3; rounds++)$|& /* @end */|; s|fflush(stdout);|& /* @twice */|; s|pause();|& /* @twice */|' \
	"$demo.c" >"$work/badly.c"
${CC:-cc} -O0 -g -o "$work/badly" "$work/badly.c"
is "a good mark beside bad ones" 0 'rounds at mark filled = 3' "$work/badly"
is "a mark that is called end" 1 'rounds at mark end = 3' "$work/badly"
has "says where" "pagescape: badly.c:15: no mark can be called end: expected another name"
is "a mark that is there twice" 1 'rounds at mark twice = 3' "$work/badly"
has "says where" "pagescape: badly.c:20: the mark twice is set twice: expected another name"
is "no such variable" 1 'turns = 0' "$demo"
is "no expectation" 2 "$demo"
is "no program" 2 'rounds = 0'
is "a slip of the pen" 2 'resident off heap = 0' "$demo"
has "says where" 'pagescape: resident off heap = 0: expected =, !=, <, <=, >, >= or contains, found "off"'
is "a comparison forgotten" 2 'resident of heap 100' "$demo"
is "one forgotten after another" 2 'rounds = 3' 'resident of heap 100' "$demo"
has "is said to be no expectation" "pagescape: resident of heap 100: expected =, !=, <, <=, >, >= or contains, found \"100\" \
(an expectation is one argument: 'resident of heap < 100 pages')"
is "an expectation without quotes" 2 resident of heap '= 3' "$demo"
is "a size in letters that are no unit" 2 'resident of heap < 10M' "$demo"
has "names the units" "pagescape: resident of heap < 10M: expected a number and its unit, such as 10 MiB \
(pages, bytes, KiB, MiB, GiB, TiB), found \"10M\""
is "the same, apart" 2 'resident of heap < 10 MB' "$demo"
has "names the units" "pagescape: resident of heap < 10 MB: expected pages, bytes, KiB, MiB, GiB or TiB, found \"MB\""
is "no program of that name" 1 'rounds = 0' "$work/nothing"

printf '# of the demo\n\nexit = 5\n  rounds = 4\n' >"$work/expects"
is "expectations from a file" 1 --expect "$work/expects" "$demo"
has "with their lines" "$work/expects:4: rounds = 4: it is 3"
printf 'exit = 5\nexit is 5\n' >"$work/expects"
is "a slip of the pen in a file" 2 --expect "$work/expects" "$demo"
has "with its line" "pagescape: $work/expects:2: expected =, !=, <, <=, >, >= or contains, found \"is\""

is "JSON and JUnit XML" 1 --json --junit "$work/j.xml" 'output contains "<done> &"' 'exit = 4' \
	'rounds at mark "demo.c:22" = 0' "$demo"
cat >"$work/read.py" <<'END'
import json, sys, xml.etree.ElementTree as tree
found = json.load(open(sys.argv[1]))
assert found["schema"] == "pagescape.check/1" and found["name"].endswith("demo")
assert [found[k] for k in ("holds", "fails", "unknown")] == [1, 1, 1], found
assert [e["outcome"] for e in found["expectations"]] == ["holds", "fails", "unknown"]
assert found["expectations"][1] == {"expect": "exit = 4", "outcome": "fails", "actual": "5"}
assert "mark" in found["expectations"][2]["why"]
suite = tree.parse(sys.argv[2]).getroot()
assert suite.tag == "testsuite" and suite.get("tests") == "3" and suite.get("failures") == "1"
assert suite.get("skipped") == "1"
cases = list(suite)
assert cases[0].get("name") == 'output contains "<done> &"' and len(cases[0]) == 0, cases[0].get("name")
assert cases[1][0].tag == "failure" and cases[1][0].get("message") == "it is 5"
assert cases[2][0].tag == "skipped" and cases[2][0].get("message")
END
if python3 "$work/read.py" "$work/out" "$work/j.xml" 2>"$work/err"; then
	echo "ok - both can be read"
else
	echo "not ok - both can be read"
	sed 's/^/# /' "$work/err" "$work/out" "$work/j.xml"
	status=1
fi

: >"$work/said"
"$demo" wait >"$work/said" &
waiting=$!
started+=("$waiting")
until_ok grep -q "done" "$work/said"
is "a running process" 0 'resident of area[8 pages] = 4' 'rounds = 3' 'kind of stack = stack' 'status = running' -p $waiting
is "its faults are not known" 1 'faults of area[8 pages] = 4' -p $waiting
grep -q 'cannot be checked here' "$work/out" || { echo "not ok - faults of a running process are unknown"; status=1; }
if kill -0 $waiting; then echo "ok - it runs on"; else echo "not ok - it has ended"; status=1; fi
kill $waiting

"$PAGESCAPE" record -o "$work/run.pgs" "$demo" >/dev/null 2>&1 </dev/null
is "a recording" 0 'exit = 5' 'faults of function fill = 4' 'resident of stack >= 1' 'output contains "<done>"' "$work/run.pgs"
is "variables are not in it" 1 'rounds = 3' "$work/run.pgs"
is "--at is for recordings" 2 --at 1 'exit = 5' "$demo"
exit $status
