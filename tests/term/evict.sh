# Evicting by key: it asks first, does what was chosen, and reports the result; where it is not allowed,
# it says why.
. "$SRCDIR/term/term.sh"
start_target

run 120 36 "$PAGESCAPE" -p "$target"
see "F1 help"
keys /
keys -l libc
keys Enter
see "PAGE .*libc"
keys V
see "evict libc.so.6 \(pid [0-9]+\)\?"
keys Escape
unsee "leave all as it is"
keys V
see "evict the whole region"
keys r
unsee "leave all as it is"
if [ "$(id -u)" = 0 ]; then
	see "[0-9]+ of [0-9]+ pages? evicted"
else
	see "evicting needs CAP_SYS_NICE \(sudo\)"
fi
keys :
keys -l "goto stack; sync-file"
keys Enter
see "no file is behind it"
kill -0 "$target" || fail "the target has gone"
keys q
ended 0
echo "ok: evicting asks first"
