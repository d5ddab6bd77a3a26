#!/bin/bash
# Stacks of programs in other languages than C: how many are cut off, and that functions of their own
# are named. Each brings in its memory by functions that call themselves, so that stacks are deep.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
status=0 number=0

if faults_refused "$work/why"; then
	echo "1..0 # SKIP $(cat "$work/why")"
	exit 77
fi

cat >"$work/main.go" <<'END'
package main

import "fmt"

type node struct {
	l, r *node
	data [64]int64
}

func build(d int) *node {
	if d == 0 {
		return nil
	}
	n := &node{}
	n.data[0] = int64(d)
	n.l = build(d - 1)
	n.r = build(d - 1)
	return n
}

func main() {
	c := make(chan *node)
	for i := 0; i < 4; i++ {
		go func() { c <- build(13) }()
	}
	for i := 0; i < 4; i++ {
		fmt.Println((<-c).data[0])
	}
}
END
cat >"$work/main.rs" <<'END'
struct Node { l: Option<Box<Node>>, r: Option<Box<Node>>, data: [u64; 32] }
#[inline(never)]
fn build(d: u32) -> Option<Box<Node>> {
    if d == 0 { return None; }
    Some(Box::new(Node { l: build(d - 1), r: build(d - 1), data: [d as u64; 32] }))
}
fn sum(n: &Option<Box<Node>>) -> u64 {
    match n { None => 0, Some(b) => b.data[0] + sum(&b.l) + sum(&b.r) }
}
fn main() {
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(|| sum(&build(13)))).collect();
    for t in threads { println!("{}", t.join().unwrap()); }
}
END
cat >"$work/main.js" <<'END'
function build(d) { return d ? { l: build(d - 1), r: build(d - 1), a: new Array(20).fill(d) } : null; }
function count(n) { return n ? 1 + count(n.l) + count(n.r) : 0; }
let sum = 0;
for (let i = 0; i < 5; i++) sum += count(build(14));
console.log(sum);
END
cat >"$work/main.pl" <<'END'
sub build { my $d = shift; return $d ? { l => build($d - 1), r => build($d - 1), a => [1 .. 20] } : undef; }
my $tree = build(14);
print exists $tree->{l}, "\n";
END
cat >"$work/main.py" <<'END'
import json, os, sys
class Node:
    def __init__(self, d):
        self.kids = [Node(d - 1) for _ in range(3)] if d else []
        self.data = {'k%d' % i: [i] * 5 for i in range(10)}
def count(n):
    return 1 + sum(count(k) for k in n.kids)
print(count(Node(7)), len(json.dumps(['x' * 20] * 200000)))
sys.stdout.flush()
os._exit(0) # the trampolines of -X perf stay until the end
END

# try NAME FUNCTION PROGRAM ARG...: few of its pages are under cut stacks, and a function of that name brought in
# some. What is found is in $work/found.
try() {
	local name=$1 function=$2
	shift 2
	rm -f "$work/session"
	if ! "$PAGESCAPE" record --sample 1 -o "$work/session" -- "$@" >"$work/out" 2>&1 </dev/null ||
		! "$PAGESCAPE" export folded "$work/session" >"$work/folded" 2>>"$work/out"; then
		sed 's/^/# /' "$work/out" >"$work/found"
		echo "not ok $number - $name: is recorded" >>"$work/found"
		return 1
	fi
	# what the program itself has left: names of the code that it made
	rm -f "/tmp/perf-$("$PAGESCAPE" export jsonl "$work/session" | sed -n '1s/.*"pid": \([0-9]*\).*/\1/p').map"
	awk -v own_name="$function" -v name="$number - $name" '
		{ all += $NF }
		/^\[cut/ { cut += $NF; why[$1 " " substr($2, 1, index($2, "]"))] += $NF }
		$0 ~ own_name { own += $NF }
		END {
			for (i in why) print "# " why[i] " pages: " substr(i, 1, 100)
			good = all > 1000 && cut * 6 <= all && own * 20 >= all
			print (good ? "" : "not ") "ok " name ": of " all " pages " cut + 0 " cut, " own + 0 " by its own"
			exit !good
		}' "$work/folded" >"$work/found"
}

# check NAME FUNCTION PROGRAM ARG...: this holds in one of three tries. The first stacks of a deep program are cut until
# they were seen to be deep, which takes longer where others need the processors.
check() {
	local good=1
	number=$((number + 1))
	for _ in 1 2 3; do
		try "$@" && good=0 && break
	done
	cat "$work/found"
	[ $good = 0 ] || status=1
}

# skip NAME WHY
skip() {
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

if command -v go >"$work/out" && (cd "$work" && HOME=$work GO111MODULE=off go build -o go main.go >out 2>&1); then
	check Go '(^|;)main\.build' "$work/go"
else
	skip Go 'there is no Go here'
fi
if command -v rustc >"$work/out" && rustc -g -O -o "$work/rust" "$work/main.rs" >"$work/out" 2>&1; then
	check Rust '(^|;)main::build' "$work/rust"
else
	skip Rust 'there is no Rust here'
fi
if command -v node >"$work/out"; then
	# --perf-basic-prof writes a log into the folder where it runs, too
	check node 'build' env -C "$work" node --perf-basic-prof "$work/main.js"
else
	skip node 'there is no node here'
fi
if command -v perl >"$work/out"; then
	check perl 'Perl_' perl "$work/main.pl"
else
	skip perl 'there is no perl here'
fi
python=$(command -v /usr/bin/python3 || command -v python3)
if [ -n "$python" ]; then
	check python3 '_PyEval_EvalFrameDefault' "$python" "$work/main.py"
else
	skip python3 'there is no python3 here'
fi
python=
for each in $(compgen -c python3. | grep -E '^python3\.[0-9]+$' | sort -u); do
	if "$each" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>"$work/out"; then
		python=$each
		break
	fi
done
if [ -n "$python" ]; then
	check 'python3 -X perf' 'py::' "$python" -X perf "$work/main.py"
else
	skip 'python3 -X perf' 'it takes Python 3.12'
fi
echo "1..$number"
exit $status
