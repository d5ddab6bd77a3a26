# While nothing changes, not one byte goes to the terminal.
. "$SRCDIR/term/term.sh"
start_target

# settled FILE: has nothing been added to it for half a second?
settled() {
	local before
	before=$(stat -c %s "$1")
	sleep 0.5
	[ "$(stat -c %s "$1")" = "$before" ]
}

run 120 36 "$PAGESCAPE" -p "$target"
see "quiet"
for tab in 1 4 7; do
	keys "$tab"
	t pipe-pane "cat >$work/bytes"
	until_ok test -e "$work/bytes" || fail "no pipe from tmux"
	# what the key itself changed has been written once a second key is answered
	keys F1
	see "Moving"
	keys Escape
	unsee "Moving"
	until_ok settled "$work/bytes"
	size=$(stat -c %s "$work/bytes")
	end=$((SECONDS + 3)) # time must pass for nothing to happen in it
	while [ $SECONDS -lt $end ]; do
		sleep 0.2
	done
	now=$(stat -c %s "$work/bytes")
	[ "$now" = "$size" ] || fail "tab $tab: $((now - size)) bytes while nothing changed"
	t pipe-pane
	rm -f "$work/bytes"
	echo "ok: tab $tab"
done
keys q
ended 0
