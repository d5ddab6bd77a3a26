# A running process: it is watched until it ends; its last picture stays.
. "$SRCDIR/term/term.sh"
start_target

run 120 36 "$PAGESCAPE" -p "$target"
see "pid +$target"
see "\[heap\]"
see "libc.so.6"
kill -STOP "$target"
see "stopped"
kill -CONT "$target"
see "running|quiet"
keys Space
see "paused"
keys Space
see "running|quiet"
kill -9 "$target"
see "has ended"
see "\[heap\]"
keys F1
see "Moving"
keys Escape
unsee "Moving"
keys q
ended 0
target=
echo "ok: watched to its end"

run 100 30 "$PAGESCAPE" -p 1999999999
ended 1
see "pagescape: "
echo "ok: no such process"
