# For the scripts of tests/cli: a folder of their own, processes that end with them, and
# going on after a failure. A script ends with: exit "$failed"
# shellcheck source=tests/common.sh
. "$SRCDIR/common.sh"
export LC_ALL=C.UTF-8
failed=0
dir=$(mktemp -d)
pids=()

cleanup()
{
	[ ${#pids[@]} -gt 0 ] && kill -KILL "${pids[@]}" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT

fail()
{
	echo "FAILED: $*"
	failed=1
}

until_true()
{
	until_ok "$@" && return
	fail "waited in vain for: $*"
	return 1
}

# begin FILE COMMAND...: runs it in the background, with its output in the file; its pid is $!. What an earlier one
# has left in the file is gone before, so waiting for a text in it waits for this one.
begin()
{
	local out=$1
	shift
	: >"$out"
	"$@" >"$out" </dev/null &
}

# Records a process whose regions have names that try to do harm, to $dir/hostile.
record_hostile()
{
	local record hold
	mkdir "$dir/files"
	exec {hold}<> <(:)
	"$BUILDDIR/cli/hostile" "$dir/files" <&$hold >"$dir/ready" &
	pids+=($!)
	until_true grep -q ready "$dir/ready"
	"$PAGESCAPE" record -o "$dir/hostile" -p $! 2>"$dir/err" &
	record=$!
	pids+=("$record")
	until_true hostile_is_recorded
	kill -TERM $record
	wait $record
}

hostile_is_recorded()
{
	"$PAGESCAPE" export csv "$dir/hostile" 2>/dev/null | grep -q turn
}
