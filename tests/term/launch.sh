# A launched program: its output, a line to it, its end, and what happens to it when we quit.
. "$SRCDIR/term/term.sh"

run 100 30 "$PAGESCAPE" bash -c "'echo here I am; read line; echo got \$line; exit 3'"
see "F1 help"
keys 5
see "here I am"
keys i
see "send:"
keys -l "a line"
keys Enter
see "got a line"
see "exited 3"
see "ended with status 3"
keys q
ended 0
echo "ok: output, a line, the end"

run 100 30 "$PAGESCAPE" sleep 1000
see "F1 help"
keys q
see "still running"
keys Escape
unsee "still running"
keys q
see "still running"
keys e
ended 0
echo "ok: ended from here"

# twice asks for both, whatever was chosen before
for key in q C-c; do
	run 100 30 "$PAGESCAPE" sleep 1000
	see "F1 help"
	keys "$key"
	see "still running"
	see "e, q"
	keys "$key"
	ended 0
	echo "ok: $key twice"
done

program_runs() {
	pid=$(screen | sed -n 's/.* pid *\([0-9]*\) .*/\1/p' | head -1)
	[ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}
run 100 30 "$PAGESCAPE" sleep 1000
see "F1 help"
until_ok program_runs || fail "no pid on the screen"
target=$pid
keys q
see "still running"
keys l
ended 0
kill -0 "$target" || fail "it was left running, and is gone"
[ "$(awk '/TracerPid/ { print $2 }' "/proc/$target/status")" = 0 ] || fail "is still traced"
echo "ok: let go"

run 100 30 "$PAGESCAPE" /nonexistent/program
ended 1
see "nonexistent"
run 100 30 "$PAGESCAPE" --frobnicate
ended 2
echo "ok: wrong input"
