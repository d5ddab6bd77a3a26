#!/bin/bash
# Every command that writes a file: a file that has the name already stays as it was until the new one is complete,
# where the writer is killed, and where a limit on the size of files is reached.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
# shellcheck source=tests/cli/tables.sh
. "$SRCDIR/cli/tables.sh"

mkdir "$dir/in" "$dir/tmp"
cd "$dir/in" || exit 1
export TMPDIR=$dir/tmp
"$BUILDDIR/cli/make_session" ../made || fail 'make_session'
sleep 600 &
target=$!
pids+=("$target")
disown

writers=
for format in $formats; do
	writers+=" export-$format"
done
writers+=' snapshot.svg snapshot.png snapshot.pdf junit record record-running'
"$PAGESCAPE" lesson -o ../lesson promise >../err 2>&1 </dev/null && writers+=' handout.html handout.pdf lesson' ||
	echo "# SKIP handout and lesson: $(tail -n 1 ../err)"

# write WRITER FILE: the command becomes that writer of the file, in place of one that is there
write()
{
	local command
	case $1 in
	export-*) command=(export --force "${1#export-}" ../made -o "$2") ;;
	snapshot.*) command=(snapshot --force -p "$target" --picture "$2") ;;
	junit) command=(check --junit "$2" 'resident > 0' -p "$target") ;;
	record) command=(record --force -o "$2" true) ;;
	record-running) command=(record --force -o "$2" --for 0.1 -p "$target") ;;
	handout.*) command=(lesson --handout "$2" --force ../lesson) ;;
	lesson) command=(lesson -o "$2" --force promise) ;;
	esac
	exec "$PAGESCAPE" "${command[@]}" </dev/null
}

# only FILE...: these are here and no others, and there are no others in the folder for temporary files
only()
{
	local there
	there=$(ls -A . ../tmp)
	[ "$there" = "$(printf '%s\n' .: "$@" '' ../tmp:)" ] || fail "$writer, $how: files: $there; not: $*"
}

# old_or_new FILE: it is what it was, or what the writer makes of it
old_or_new()
{
	cmp -s "$1" ../old && return
	case $writer in
	record* | lesson) "$PAGESCAPE" snapshot "$1" 2>../err | grep -q '^[0-9]* pages of ' ;;
	export-pdf | *.pdf) tail -c 8 "$1" | grep -q '^%%EOF' ;;
	export-* | handout.html) cmp "$1" ../whole >../err 2>&1 ;;
	snapshot.svg) [ "$(tail -n 1 "$1")" = '</svg>' ] ;;
	snapshot.png) tail -c 8 "$1" | grep -q IEND ;;
	junit) [ "$(tail -n 1 "$1")" = '</testsuite>' ] ;;
	*) fail "nothing says whether a file of $writer is whole" ;;
	esac || fail "$writer, $how: neither the old file nor a whole new one: $(cat ../err)"
}

for writer in $writers; do
	file=out
	[[ $writer != *.* ]] || file=out.${writer#*.}
	rm -f out*
	echo old >../old

	# whole, and how long that takes, in ms
	how=whole
	begun=${EPOCHREALTIME/./}
	(write "$writer" $file) >/dev/null 2>../err || fail "$writer: $(cat ../err)"
	ms=$(((${EPOCHREALTIME/./} - begun) / 1000))
	only $file
	mv $file ../whole || continue

	# no byte may be written, or not all of them
	for kib in 0 $(($(wc -c <../whole) / 2048)); do
		[ "$how" != "limit of $kib KiB" ] || continue
		how="limit of $kib KiB"
		cp ../old $file
		said=$( (ulimit -f "$kib" && write "$writer" $file) 2>&1 >/dev/null)
		status=$?
		case $writer in
		# what is recorded before the limit stays, as it does where a disk is full
		record* | lesson) [ "$kib" != 0 ] || cmp ../old $file ;;
		*) cmp ../old $file ;;
		esac || fail "$writer, $how: the old file is gone"
		[ $status = 1 ] && [ "$(wc -l <<<"$said")" = 1 ] && [[ $said = pagescape:\ *'File too large' ]] ||
			fail "$writer, $how: status $status, $said"
		only $file
	done

	for part in 0 1 2 4 5 7; do
		how="killed after $part of 8 parts of $ms ms"
		cp ../old $file
		(write "$writer" $file) >/dev/null 2>&1 &
		sleep "$(printf '0.%06d' $((ms * 125 * part % 1000000)))"
		kill -KILL $! 2>/dev/null
		wait $! 2>/dev/null
		only $file
		old_or_new $file
	done
done
exit "$failed"
