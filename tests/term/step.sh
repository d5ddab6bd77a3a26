# A program stepped from its first instruction: 20 times s are its first 20 faults; calls,
# counts, slow motion, and to the end.
. "$SRCDIR/term/term.sh"

if faults_refused "$work/out"; then
	echo "skipped: $(head -1 "$work/out")"
	exit 77
fi

header() {
	screen | head -1
}
# the page panel shows when the page was touched, to the millisecond
moved_on() {
	[ "$(screen)" != "$was" ]
}
press() {
	was=$(screen)
	keys "$@"
	until_ok moved_on || fail "$* does nothing"
}

# the same places in memory each time
same="env -i PATH=$PATH LC_ALL=$LC_ALL TERM=screen setarch -R"
$same true 2>/dev/null || { echo "skipped: addresses cannot be made the same"; exit 77; }
$same "$PAGESCAPE" faults --json /bin/ls / 2>/dev/null |
	sed -nE 's/.*"event": "fault".*"address": "(0x[0-9a-f]+)[0-9a-f]{3}".*/\1000/p' >"$work/faults"

run 150 40 $same "$PAGESCAPE" --paused /bin/ls /
see "paused before its first instruction"
see "s next fault"
pid=$(header | sed -n 's/.* pid *\([0-9]*\) .*/\1/p')
for ((i = 0; i < 20; i++)); do
	press s
	seen "paused at a fault in thread $pid"
	# the cursor is on the page that was touched, and it is there now
	see "^ WHO +m[a-z]+ .*fault"
	screen | grep -qE "^ PAGE .*(file|copy|anon|zero|shm)" || fail "step $i: not there"
	screen | sed -n 's/^ PAGE *\(0x[0-9a-f]*\) .*/\1/p' >>"$work/stepped"
done
# in the same order as without stepping; the faults of one system call are one stop
awk 'BEGIN { n = at = 0 }
	NR == FNR { fault[n++] = $1; next }
	{ while (at < n && fault[at] != $1) at++; if (at++ >= n) { print "step " FNR " is none of them: " $1; exit 1 } }
	END { if (FNR != 20 || at > 28) exit 1 }' "$work/faults" "$work/stepped" ||
	fail "other faults: $(paste "$work/faults" "$work/stepped" | head -30)"
# the loader maps its libraries, call by call; the bottom line shows the call
for ((i = 0; i < 3; i++)); do
	press y
	seen "paused at (mmap|mprotect|munmap|brk)\("
	screen | tail -1 | grep -qE "^ (mmap|mprotect|munmap|brk)\(.*\) = (0|0x[0-9a-f]+)$" || fail "the call is not written out"
done
press s
seen "paused at a fault in thread $pid"
keys S
see "how many faults:"
keys -l 10
press Enter
seen "paused at a fault in thread $pid"
keys w
see "faults per second, at most:"
keys -l 50
keys Enter
unsee "at most:"
seen "paused at a fault in thread $pid"
was=$(screen)
until_ok moved_on || fail "it does not go on by itself"
keys w
keys q
see "still running"
keys Escape
unsee "still running"
keys G
see "exited 0"
keys q
ended 0
echo "ok: /bin/ls, step by step"

# typed ahead: each is done in turn
run 150 40 $same "$PAGESCAPE" --paused /bin/ls /
see "paused before its first instruction"
see "s next fault"
keys -l ssssssssssssssssssss
at_twentieth() {
	screen | grep -q "^ PAGE *$(tail -1 "$work/stepped") "
}
until_ok at_twentieth || fail "20 typed ahead do not lead to $(tail -1 "$work/stepped")"
see "paused at a fault"
unsee "wait.? for this one"
at_twentieth || fail "they went further"
keys y
see "paused at (mmap|mprotect|munmap|brk)\("
keys q
see "still running"
keys e
ended 0
echo "ok: typed ahead"

start_target
run 100 30 "$PAGESCAPE" -p "$target"
see "F1 help"
keys s # it sleeps: nothing comes
keys s
see "1 more step waits"
keys Space
see "paused [0-9]"
keys q
ended 0
kill -0 "$target" || fail "the target is gone"
grep -q "TracerPid:.*	0" /proc/"$target"/status || fail "the target is still traced"
echo "ok: a process that sleeps"

run 100 30 "$PAGESCAPE" --no-faults -p "$target"
see "F1 help"
keys s
see "stepping by faults needs them to be reported: switched off"
keys y # calls need none
keys -l yyy
see "3 more steps wait"
keys q
ended 0
echo "ok: without fault events"
