# For all test scripts: waiting until something is true, and what this machine can do. Sourced.

# In seconds. Generous, as a machine may be slow: a test that passes does not wait that long.
deadline=${TEST_DEADLINE:-20}

# until_ok COMMAND...: repeats it until it succeeds; 1 if that takes too long
until_ok() {
	local end=$((SECONDS + deadline))
	until "$@" 2>/dev/null; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.02
	done
}

# faults_refused FILE: whether pagescape itself says that page faults cannot be seen here; why is
# then in FILE. Failing in any other way is no reason to skip a test.
faults_refused() {
	"$PAGESCAPE" faults true >/dev/null 2>"$1" </dev/null
	[ $? = 1 ] && grep -q 'cannot be seen here' "$1"
}
