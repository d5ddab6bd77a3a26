# Without arguments: a list to choose from; the demo is on it.
. "$SRCDIR/term/term.sh"
start_target

run 100 30 "$PAGESCAPE"
see "choose what to watch"
keys / ; keys -l "sleep 1000"
see " $target .*sleep 1000"
keys Escape
keys F1
see "this help"
keys Escape
unsee "this help"
keys -l '?'
see "this help"
keys Escape
unsee "this help"
keys Escape
ended 0
run 100 30 "$PAGESCAPE"
see "choose what to watch"
keys / ; keys -l "$target"
see " $target .*sleep 1000"
keys Enter
see "pid +$target"
keys q
ended 0
# a cursor key in the mode that terminfo does not have is no Escape, which would end the choice
run 100 30 "$PAGESCAPE"
see "choose what to watch"
keys -l $'\e[B' ; keys -l $'\eOB' ; keys F1
see "this help"
keys Escape
unsee "this help"
kill -TERM "$(pagescape_pid)"
ended 143
run 100 30 "$PAGESCAPE"
see "choose what to watch"
keys Enter
see "REGIONS"
see "F1 help"
see "demo"
keys q
see "still running"
keys e
ended 0
echo "ok: chosen"
