# Every way out restores the terminal and leaves the watched process alive.
. "$SRCDIR/term/term.sh"
ulimit -c 0
start_target

try() {
	local name=$1 status=$2
	shift 2
	run 100 30 "$PAGESCAPE" -p "$target"
	see "heap"
	see "F1 help"
	"$@"
	ended "$status"
	kill -0 "$target" || fail "$name ended the watched process"
	[ "$(ps -o stat= -p "$target" | cut -c1)" = S ] || fail "$name left the watched process not sleeping"
	echo "ok: $name"
}

signal() {
	kill -"$1" "$(pagescape_pid)"
}

try q 0 keys q
try Ctrl-C 0 keys C-c
try "q in help" 0 keys F1 q q
try SIGTERM 143 signal TERM
try SIGHUP 129 signal HUP
try SIGINT 130 signal INT
try SIGSEGV 139 signal SEGV
try SIGABRT 134 signal ABRT
try SIGBUS 135 signal BUS
try SIGFPE 136 signal FPE
