# For the scripts of tests: waiting for what is to become true. Sourced.

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
