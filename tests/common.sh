# For all scripts of tests: waiting for what is to become true, and what this machine can do. Sourced.

# TEST_DEADLINE is in seconds. A machine may be slow, a test that passes is not.
deadline=${TEST_DEADLINE:-20}

# until_ok COMMAND...: until it succeeds; 1 where that takes too long
until_ok() {
	local end=$((SECONDS + deadline))
	until "$@" 2>/dev/null; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.02
	done
}

# faults_refused FILE: whether pagescape says that page faults cannot be seen here, and why, in
# FILE. That it fails in any other way is no reason to skip a test.
faults_refused() {
	"$PAGESCAPE" faults true >/dev/null 2>"$1" </dev/null
	[ $? = 1 ] && grep -q 'cannot be seen here' "$1"
}
