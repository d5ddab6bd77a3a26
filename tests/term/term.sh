# Runs pagescape in a real terminal: a tmux of our own, with its own socket. Sourced by the
# tests in this folder. Nothing waits for a fixed time: tests wait for what must appear, until
# a deadline.

command -v tmux >/dev/null || { echo "skipped: tmux is not installed"; exit 77; }

export LC_ALL=C.UTF-8
unset NO_COLOR TMUX
work=$(mktemp -d) || exit 99
socket=$work/tmux
# a name without blanks, wherever the tree lies
ln -s "$PAGESCAPE" "$work/pagescape"
PAGESCAPE=$work/pagescape
runs=0
screen_before= # the screen when the last keys were sent, until something was waited for
target=
# shellcheck source=tests/common.sh
. "$SRCDIR/common.sh"

t() {
	tmux -u -f /dev/null -S "$socket" "$@"
}

cleanup() {
	t kill-server 2>/dev/null
	[ -z "$target" ] || kill "$target" 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT

fail() {
	echo "FAILED: $*"
	echo "--- the screen:"
	screen
	exit 1
}

screen() {
	t capture-pane -p 2>/dev/null
}

screen_has() {
	screen | grep -qE -- "$1"
}

screen_lacks() {
	! screen_has "$1"
}

# see REGEX: until it is on the screen; unsee REGEX: until it is not. The first one after keys shows that they were taken,
# so it should wait for something that they bring. What was there before them says nothing: then the screen must become
# another first, and the log names the line.
see() {
	if stale "$1"; then
		echo "# line ${BASH_LINENO[0]} waits for what was there before the keys: $1"
		taken
	fi
	seen "$1"
}

unsee() {
	screen_before=
	until_ok screen_lacks "$1" || fail "still seen: $1"
}

# seen REGEX: as see, but it may have been there before the keys
seen() {
	screen_before=
	until_ok screen_has "$1" || fail "never seen: $1"
}

stale() {
	[ -n "$screen_before" ] && grep -qE -- "$1" <<<"$screen_before"
}

# taken: until the screen is another than before the keys
taken() {
	until_ok differs || fail "the keys do nothing"
	screen_before=
}

differs() {
	[ "$(screen)" != "$screen_before" ]
}

keys() {
	screen_before=$(screen)
	t send-keys "$@"
}

# resize COLUMNS ROWS: of the terminal
resize() {
	screen_before=$(screen)
	t resize-window -x "$1" -y "$2"
}

# A process to watch. Its pid is in $target.
start_target() {
	LC_ALL=C sleep 1000 &
	target=$!
	disown
}

# run COLUMNS ROWS COMMAND: in a new terminal, from a shell that keeps the terminal's modes
# before and after, and the command's exit status.
run() {
	local columns=$1 rows=$2
	shift 2
	rm -f "$work"/{before,after,status}
	cat >"$work/script" <<-END
		stty -a | sed 's/rows.*columns [0-9]*;//' >$work/before
		$*
		status=\$?
		stty -a | sed 's/rows.*columns [0-9]*;//' >$work/after
		echo "ended with \$status"
		echo \$status >$work/status.new
		mv $work/status.new $work/status
		exec cat
	END
	screen_before=
	t kill-server 2>/dev/null
	socket=$work/tmux.$((++runs)) # the old server may take a while to go
	t new-session -d -x "$columns" -y "$rows" "bash $work/script" || fail "tmux does not start"
}

flag() {
	t display-message -p "#{$1}"
}

# ended STATUS: waits until the command has ended; the terminal must be as it was.
ended() {
	until_ok test -e "$work/status" || fail "still running"
	[ "$(cat "$work/status")" = "$1" ] || fail "ended with $(cat "$work/status"), not $1"
	seen "ended with"
	cmp -s "$work/before" "$work/after" || fail "other terminal modes: $(diff "$work/before" "$work/after")"
	[ "$(flag alternate_on)" = 0 ] || fail "still on the alternate screen"
	[ "$(flag cursor_flag)" = 1 ] || fail "the cursor is hidden"
	[ "$(flag mouse_any_flag)" = 0 ] || fail "the mouse is still asked for"
	[ "$(flag keypad_cursor_flag)" = 0 ] || fail "the keypad is still in application mode"
}

pagescape_pid() {
	pgrep -P "$(t display-message -p '#{pane_pid}')" -f pagescape | head -1
}
