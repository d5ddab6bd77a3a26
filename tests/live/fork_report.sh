#!/bin/bash
# The fork report against the frames of both processes' pages, which a script reads by itself: a Python whose child runs its
# collector, launched and found, and redis while it saves and is written to.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
: "${PAGESCAPE:?make check sets it}"
trap finish EXIT
status=0 number=0

if [ "$(id -u)" != 0 ]; then
	echo "1..0 # SKIP only root sees frames"
	exit 77
fi
if faults_refused "$work/refused"; then
	echo "1..0 # SKIP $(tail -1 "$work/refused")"
	exit 77
fi

say() { # say NAME RESULT
	[ "$2" = 0 ] || { status=1; echo -n "not "; }
	echo "ok $((++number)) - $1"
	sed 's/^\([^#]\)/# \1/' "$work/said"
}

look() { python3 "$SRCDIR/live/fork_frames.py" look "$@"; }

cat >"$work/forks.py" <<'END'
import gc, os, sys
gc.disable()
says, go = sys.argv[1:3]
def step(*words):
    with open(says, "a") as out:
        print(*words, file=out, flush=True)
    os.read(answers, 1)
objects = [[i] for i in range(120000)]
answers = os.open(go, os.O_RDWR)
step("ready")
kid = os.fork()
if kid == 0:
    step("forked", os.getppid(), os.getpid())
    gc.collect()
    step("collected")
    os._exit(0)
os.waitpid(kid, 0)
END

# steps NAME: the two looks, once the script waits; the watcher is $watcher
steps() {
	local _ parent child result=0
	until_ok grep -q forked "$work/says" || { echo "it did not fork: $(tail -1 "$work/err")" >"$work/said"; say "$1" 1; return; }
	read -r _ parent child < <(grep forked "$work/says")
	look "$parent" "$child" "$work/first"
	printf x >"$work/go"
	until_ok grep -q collected "$work/says"
	look "$parent" "$child" "$work/second"
	printf x >"$work/go"
	wait "$watcher"
	[ ! -e "$work/session" ] || "$PAGESCAPE" why --json "$work/session" >"$work/json" 2>>"$work/err"
	python3 "$SRCDIR/live/fork_frames.py" compare "$work/first" "$work/second" "$work/json" >"$work/said" 2>&1 || result=1
	say "$1" $result
}

begin() {
	rm -f "$work/says" "$work/go"
	mkfifo "$work/go"
	exec 7<>"$work/go"
}

begin
"$PAGESCAPE" why -f --json python3 "$work/forks.py" "$work/says" "$work/go" >"$work/json" 2>"$work/err" </dev/null &
watcher=$!
started+=("$watcher")
until_ok grep -q ready "$work/says" && printf x >"$work/go"
steps "a child of Python that runs its collector, launched"

begin
python3 "$work/forks.py" "$work/says" "$work/go" &
target=$!
started+=("$target")
until_ok grep -q ready "$work/says"
"$PAGESCAPE" record -f -o "$work/session" -p $target >"$work/out" 2>"$work/err" &
watcher=$!
started+=("$watcher")
until_ok test -s "$work/session" && printf x >"$work/go"
steps "the same of a process that was found, by its recording"

# A child that has copied before anybody watched: it is found at the attach, and what it copied is not reported as 0.
python3 - "$work/ready" <<'END' &
import os, sys, time
block = bytearray(b"z" * (8 << 20))
if os.fork() == 0:
    for at in range(0, len(block), 4096):
        block[at] = 1
    open(sys.argv[1], "w").close()
    time.sleep(600)
os.wait()
END
target=$!
started+=("$target")
until_ok test -e "$work/ready"
started+=("$(pgrep -P $target)")
"$PAGESCAPE" why -f --json -p $target >"$work/json" 2>"$work/err"
python3 - "$work/json" >"$work/said" 2>&1 <<'END'
import json, sys
fork, = json.load(open(sys.argv[1]))["forks"]
print("#", fork)
assert not fork["exact"] and not {"copied", "by_child", "by_parent"} & fork.keys()
assert 2000 <= fork["now_own"] <= 2600 and fork["now_same"] > 0
END
say "a child that has copied before it was watched" $?
kill -KILL $target

saves() { redis-cli -s "$work/redis.sock" info persistence | grep -q 'rdb_bgsave_in_progress:1'; }
child_of() { pgrep -P "$1" >"$work/child"; }
if ! command -v redis-server >"$work/out" || ! command -v redis-cli >"$work/out"; then
	echo "ok $((++number)) - redis # SKIP there is no redis here"
else
	redis-server --port 0 --unixsocket "$work/redis.sock" --save '' --enable-debug-command yes --rdb-key-save-delay 1000 \
		--dir "$work" --daemonize no >"$work/redis.log" 2>&1 &
	target=$!
	started+=("$target")
	until_ok redis-cli -s "$work/redis.sock" ping >"$work/out" 2>&1
	redis-cli -s "$work/redis.sock" debug populate 100000 key 200 >"$work/out"
	rm -f "$work/session"
	"$PAGESCAPE" record -f -o "$work/session" -p $target >"$work/out" 2>"$work/err" &
	watcher=$!
	started+=("$watcher")
	until_ok test -s "$work/session"
	redis-cli -s "$work/redis.sock" bgsave >"$work/out"
	until_ok saves && until_ok child_of $target
	child=$(head -1 "$work/child")
	look $target "$child" "$work/first"
	redis-cli -s "$work/redis.sock" eval 'for i = 1, 60000 do redis.call("set", "key:" .. i, "x") end' 0 >"$work/out"
	look $target "$child" "$work/second"
	kill -TERM $watcher
	wait $watcher
	"$PAGESCAPE" why --json "$work/session" >"$work/json" 2>>"$work/err"
	result=0
	python3 "$SRCDIR/live/fork_frames.py" compare "$work/first" "$work/second" "$work/json" >"$work/said" 2>&1 || result=1
	say "redis that saves and is written to" $result
fi
echo "1..$number"
exit $status
