#!/bin/bash
# The verdict on everyday programs: a C program that leaks, one with many arenas, Python that has forked, node, Go
# and Java with growing heaps, redis while it saves. Each is stopped while it is examined, and each figure, each sentence that
# has one, and the text and markdown are compared with what the kernel says (tests/live/why_figures.py).
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
: "${PAGESCAPE:?make check sets it}"
trap finish EXIT
status=0 number=0

command -v python3 >"$work/out" || {
	echo "1..0 # SKIP there is no python3 here"
	exit 77
}

# all_stand PID: does each thread?
all_stand() {
	local line task
	for task in /proc/"$1"/task/*; do
		read -r line <"$task/stat" 2>/dev/null || return 1
		line=${line##*) }
		[[ ${line:0:1} == [Tt] ]] || return 1
	done
}

# run COMMAND...: until it says that it is ready; its pid is in $target
run() {
	rm -f "$work/fifo" "$work/says" # what the one before said is not meant
	mkfifo "$work/fifo"
	"$@" <>"$work/fifo" >"$work/says" 2>&1 &
	target=$!
	started+=("$target")
	until_ok grep -qs ready "$work/says" || { echo "# $1 did not get ready: $(tail -1 "$work/says")"; return 1; }
}

# agrees OWNER: everything that the verdict says about $target, which is stopped, is true
agrees() {
	local owner=$1
	"$PAGESCAPE" why --json --read -p "$target" >"$work/json" 2>"$work/err" &&
		python3 "$SRCDIR/live/why_figures.py" "$target" "$work/json" >"$work/said" &&
		"$PAGESCAPE" why --json -p "$target" >"$work/json" 2>>"$work/err" &&
		"$PAGESCAPE" why -p "$target" >"$work/text" 2>>"$work/err" &&
		"$PAGESCAPE" why --markdown -p "$target" >"$work/markdown" 2>>"$work/err" &&
		python3 "$SRCDIR/live/why_figures.py" "$target" "$work/json" "$work/text" "$work/markdown" >>"$work/said" || return
	grep -q "\"owner\": \"$owner\"" "$work/json" || { echo "nothing is of $owner" >>"$work/said"; return 1; }
}

# verdict NAME OWNER: of $target, which must have memory of that owner. PSS and USS depend on what other programs map at that
# moment, so a comparison may be made again; what is wrong stays wrong, because the target is stopped.
verdict() {
	local name=$1 owner=$2
	number=$((number + 1))
	kill -STOP "$target"
	if until_ok all_stand "$target" && { agrees "$owner" || agrees "$owner" || agrees "$owner"; }; then
		echo "ok $number - $name: $(tail -1 "$work/said")"
	else
		sed 's/^/# /' "$work/err" "$work/said" | head -20
		echo "not ok $number - $name: $(tail -1 "$work/said")"
		status=1
	fi
	kill -KILL "$target"
	wait "$target" 2>/dev/null
}

# launched NAME OWNER OPTIONS COMMAND...: the same of a program that is watched from its beginning. It stands when all is read,
# and the watch is ended then.
launched() {
	local name=$1 owner=$2 options=$3 watcher reader family
	shift 3
	number=$((number + 1))
	rm -f "$work/fifo" "$work/go" "$work/says" "$work/said"
	mkfifo "$work/fifo" "$work/go"
	# shellcheck disable=SC2086 # the options are words
	"$PAGESCAPE" why --json $options -- "$@" <>"$work/fifo" >"$work/json" 2>"$work/says" &
	watcher=$!
	started+=("$watcher")
	until_ok grep -qs ready "$work/says"
	target=$(pgrep -o -P "$watcher")
	if [ -z "$target" ]; then
		sed 's/^/# /' "$work/says"
		echo "not ok $number - $name: nothing is launched"
		status=1
		return
	fi
	mapfile -t family < <(echo "$target"; pgrep -P "$target")
	started+=("${family[@]}")
	kill -STOP "${family[@]}"
	until_ok all_stand "$target"
	python3 "$SRCDIR/live/why_figures.py" --first "$target" "$work/json" <>"$work/go" >"$work/said" 2>"$work/err" &
	reader=$!
	until_ok grep -qs taken "$work/said"
	kill -TERM "$watcher" # INT is ignored in the background
	wait "$watcher" 2>/dev/null
	echo >"$work/go"
	if wait "$reader" && grep -q "\"owner\": \"$owner\"" "$work/json"; then
		echo "ok $number - $name: $(tail -1 "$work/said")"
	else
		cat "$work/err" "$work/said" | sed 's/^/# /' | head -20
		echo "not ok $number - $name: $(tail -1 "$work/said")"
		status=1
	fi
}

skip() { # skip NAME WHY
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

run "$BUILDDIR/live/why_target" grow && verdict "a C program that leaks" thread-stacks
run "$BUILDDIR/live/why_target" arenas && verdict "threads with arenas, one of several heaps" glibc-arenas
launched "threads with arenas, launched" glibc-arenas "" "$BUILDDIR/live/why_target" arenas
launched "the same with -f" glibc-arenas -f "$BUILDDIR/live/why_target" arenas

cat >"$work/prefork.py" <<'END'
import gc, os, sys, time
gc.disable()
objects = [[i] for i in range(100000)]
kids = []
for worker in range(2):
    ready, done = os.pipe()
    kid = os.fork()
    if kid == 0:
        gc.collect()
        os.write(done, b"x")
        time.sleep(1000)
    os.read(ready, 1)
    kids.append(kid)
print("ready", *kids, flush=True)
sys.stdin.readline()
END
if run python3 "$work/prefork.py"; then
	read -r _ child other <"$work/says"
	started+=("$child" "$other")
	kill -STOP "$child" "$other" "$target"
	parent=$target target=$child
	verdict "a child of Python after its collector ran" python-arenas
	target=$parent
	verdict "its parent" python-arenas
fi
launched "Python that has forked, launched" python-arenas "" python3 "$work/prefork.py"
launched "the same with -f" python-arenas -f python3 "$work/prefork.py"

cat >"$work/grow.js" <<'END'
const keep = [];
for (let i = 0; i < 150000; i++) keep.push({ id: i, tags: new Array(20).fill(i) });
console.log('ready', keep.length);
process.stdin.resume();
END
if ! command -v node >"$work/out"; then
	skip node "there is no node here"
elif run node "$work/grow.js"; then
	verdict "node with a heap that has grown" v8-heap
	launched "node, launched" v8-heap "" node "$work/grow.js"
	launched "the same with -f" v8-heap -f node "$work/grow.js"
fi

cat >"$work/grow.go" <<'END'
package main

import (
	"fmt"
	"os"
)

var keep [][]byte

func main() {
	for i := 0; i < 20000; i++ {
		block := make([]byte, 2000)
		for at := range block {
			block[at] = 1
		}
		keep = append(keep, block)
	}
	fmt.Println("ready", len(keep))
	os.Stdin.Read(make([]byte, 1))
}
END
if ! command -v go >"$work/out" || ! (cd "$work" && HOME=$work GO111MODULE=off go build -o grow_go grow.go >out 2>&1); then
	skip Go "there is no Go here"
elif run "$work/grow_go"; then
	verdict "Go with a heap that has grown" go-heap
fi

cat >"$work/Grow.java" <<'END'
import java.util.*;

public class Grow {
	public static void main(String[] words) throws Exception {
		List<byte[]> keep = new ArrayList<>();
		for (int i = 0; i < 30000; i++) keep.add(new byte[1000]);
		System.out.println("ready " + keep.size());
		System.in.read();
	}
}
END
if ! command -v java >"$work/out" || ! command -v javac >"$work/out" || ! javac -d "$work" "$work/Grow.java" >"$work/out" 2>&1; then
	skip Java "there is no Java here"
elif run java -Xmx200m -cp "$work" Grow; then
	verdict "Java with a heap that has grown" java-heap
fi

saves() { redis-cli -s "$work/redis.sock" info persistence | grep -q 'rdb_bgsave_in_progress:1'; }
if ! command -v redis-server >"$work/out" || ! command -v redis-cli >"$work/out"; then
	skip redis "there is no redis here"
else
	redis-server --port 0 --unixsocket "$work/redis.sock" --save '' --enable-debug-command yes --rdb-key-save-delay 1000 \
		--dir "$work" --daemonize no >"$work/redis.log" 2>&1 &
	target=$!
	started+=("$target")
	if until_ok redis-cli -s "$work/redis.sock" ping >"$work/out" 2>&1 &&
		redis-cli -s "$work/redis.sock" debug populate 100000 key 100 >"$work/out" &&
		redis-cli -s "$work/redis.sock" bgsave >"$work/out" && until_ok saves &&
		redis-cli -s "$work/redis.sock" eval 'for i = 1, 30000 do redis.call("set", "key:" .. i, "x") end' 0 >"$work/out"; then
		verdict "redis while it saves and is written to" allocator
	else
		echo "not ok $((++number)) - redis while it saves: $(tail -1 "$work/redis.log")"
		status=1
	fi
fi
echo "1..$number"
exit $status
