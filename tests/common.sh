# shellcheck shell=bash
# For all test scripts: what is reported, waiting until something is true, what this machine can do. Sourced.

# In seconds. Generous, as a machine may be slow: a test that passes does not wait that long.
deadline=${TEST_DEADLINE:-60}

# what the script exits with: 1 where a test is not ok
# shellcheck disable=SC2034
status=0
# files with details of what is not ok
evidence=()

# result CODE NAME: NAME is ok if the code is 0
result() {
	local file
	if [ "$1" = 0 ]; then
		echo "ok - $2"
		return
	fi
	echo "not ok - $2"
	status=1
	for file in "${evidence[@]}"; do
		[ ! -e "$file" ] || sed 's/^/# /' "$file" | head -n 60
	done
}

# none NAME < <(COMMAND): NAME is ok if there is nothing on standard input, which has a line for each thing that is
# wrong. Not behind a pipe, where the status would be lost.
none() {
	local found
	found=$(cat)
	[ -z "$found" ] || printf '%s\n' "$found"
	[ -z "$found" ]
	result $? "$1"
}

# until_ok COMMAND...: repeats it until it succeeds; 1 if that takes too long
until_ok() {
	local end=$((SECONDS + deadline))
	until "$@" 2>/dev/null; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.02
	done
}

# faults_refused FILE [COMMAND...]: whether pagescape itself, run by the command, says that page faults cannot be
# seen here; why is then in FILE. Failing in any other way is no reason to skip a test.
faults_refused() {
	local why=$1
	shift
	"$@" "$PAGESCAPE" faults true >/dev/null 2>"$why" </dev/null
	[ $? = 1 ] && grep -q 'cannot be seen here' "$why"
}
