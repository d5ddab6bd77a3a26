#!/bin/bash
# Recordings and exports: a file that has the name already stays as it was until there is something
# to replace it, and no half-written file is left.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
# shellcheck source=tests/cli/tables.sh
. "$SRCDIR/cli/tables.sh"

mkdir "$dir/in"
cd "$dir/in" || exit 1
only() # only NAME...: these files are here, and no others
{
	local there
	there=$(ls -A | tr '\n' ' ')
	[ "$there" = "$* " ] || fail "files: $there; not: $*"
}

"$PAGESCAPE" record -o old sh -c 'exit 7'
[ $? -eq 7 ] || fail 'record'
cp old copy
kept() # kept WHAT: the old recording is as it was
{
	cmp old copy || fail "$1: the old recording is gone"
	only copy old
}

# what cannot be recorded replaces nothing
"$PAGESCAPE" record --force -o old no-such-program 2>err && fail 'no such program: success'
[ -s err ] || fail 'no such program: not a word'
rm err
kept 'no such program'
"$PAGESCAPE" record --force -o old -p 4194305 2>/dev/null && fail 'no such process: success'
kept 'no such process'

# what can be recorded does
"$PAGESCAPE" record --force -o old --interval 50 sh -c 'exit 9'
[ $? -eq 9 ] || fail 'replacing: status'
cmp -s old copy && fail '--force did not replace'
"$PAGESCAPE" replay old >/dev/null || fail 'what replaced it does not open'
only copy old

# a symbolic link is followed, and the mode stays
chmod 640 old
ln -s old link
"$PAGESCAPE" record --force -o link true || fail 'link'
[ -L link ] && [ "$(stat -c %a old)" = 640 ] || fail "link: $(ls -l)"
rm link

# so is one to nothing, as by any program that writes there; forced or not, it stays
mkdir ../elsewhere
ln -s ../elsewhere/first link
ln -s link chain
for force in '' --force; do
	rm -f ../elsewhere/first
	# shellcheck disable=SC2086 # none is no argument
	"$PAGESCAPE" record $force -o chain true || fail "dangling link $force"
	[ -L chain ] && [ -L link ] && [ -f ../elsewhere/first ] || fail "dangling link $force: $(ls -l . ../elsewhere)"
done
ln -sf ../nowhere/new link
"$PAGESCAPE" record -o link true 2>../err && fail 'link to no folder: success'
grep -q 'No such file' ../err || fail "link to no folder: $(cat ../err)"
ln -sf link link
"$PAGESCAPE" record --force -o link true 2>../err && fail 'link to itself: success'
[ -L link ] || fail 'link to itself: gone'
rm link chain

# where there is no /proc
if unshare -rm mount -t tmpfs none /proc 2>/dev/null; then
	# shellcheck disable=SC2016 # expanded there
	unshare -rm sh -c 'mount -t tmpfs none /proc && exec "$1" export csv old -o new' - "$PAGESCAPE" || fail 'no /proc'
	cmp new <("$PAGESCAPE" export csv old) || fail 'no /proc: not the export'
	rm -f new
	only copy old
fi

# a file system without unnamed files and without links, as FAT
for force in '' --force; do
	# shellcheck disable=SC2086 # none is no argument
	said=$("$BUILDDIR/live/refuse" link unnamed -- "$PAGESCAPE" export csv old -o new $force 2>&1)
	status=$?
	[ $status -eq 77 ] && break
	[ $status -eq 0 ] && cmp new <("$PAGESCAPE" export csv old) || fail "no links $force: status $status, $said"
	only copy new old
done
if [ $status -ne 77 ]; then
	"$BUILDDIR/live/refuse" link unnamed -- "$PAGESCAPE" export csv old -o new 2>/dev/null && fail 'no links: replaced without --force'
	"$BUILDDIR/live/refuse" link unnamed -- "$PAGESCAPE" record -o other true || fail 'no links: record'
	only copy new old other
	rm new other
fi

mkfifo ../go
exec 7<>../go # opened for reading and writing, so as not to wait for a program that never opens it
# a recording in progress is not taken from its recorder
"$PAGESCAPE" record -o busy sh -c 'read -r line' <../go >/dev/null 2>&1 7>&- &
recorder=$!
pids+=("$recorder")
until_true test -s busy || fail 'no recording'
file=$(stat -c %i busy)
cp busy ../before
"$PAGESCAPE" record --force -o busy true 2>err && fail 'busy: success'
grep -q '^pagescape: busy is being recorded at this moment$' err || fail "busy: $(cat err)"
[ "$(stat -c %i busy)" = "$file" ] || fail 'busy: another file'
cmp -n "$(wc -c <../before)" ../before busy || fail 'busy: it does not go on as it began'
kill -TERM $recorder
exec 7>&-
wait $recorder
"$PAGESCAPE" replay busy >/dev/null || fail 'busy: the recording was disturbed'
rm -f busy err

# kill -9 at any moment leaves no name but the one asked for
for i in 1 2 3 4 5 6 7 8; do
	"$PAGESCAPE" record -o new sh -c 'while :; do :; done' >/dev/null 2>&1 &
	recorder=$!
	sleep 0.0$((i * 3))
	kill -KILL $recorder
	wait $recorder 2>/dev/null
	[ -e new ] && { "$PAGESCAPE" snapshot new 2>../err | grep -q '^[0-9]* pages of ' || fail "killed after 0.0$((i * 3)) s: no picture: $(cat ../err)"; }
	rm -f new
	only copy old
done

# nor does a killed export, here or where a database is made
mkdir ../tmp
for i in 1 2 3 4 5 6 7 8; do
	TMPDIR=../tmp "$PAGESCAPE" export sqlite old -o new >/dev/null 2>&1 &
	exporter=$!
	sleep 0.0$i
	kill -KILL $exporter 2>/dev/null
	wait $exporter 2>/dev/null
	rm -f new
	only copy old
	[ -z "$(ls -A ../tmp)" ] || fail "export killed after 0.0$i s: $(ls -A ../tmp)"
done

# reaching the limit on file sizes is an error like any other, and leaves nothing
"$BUILDDIR/cli/make_session" ../made || fail 'make_session'
for format in $formats; do
	said=$( (ulimit -f 0; exec "$PAGESCAPE" export $format ../made -o new) 2>&1)
	status=$?
	[ $status -eq 1 ] && [[ $said = pagescape:\ * ]] && [ "$(wc -l <<<"$said")" -eq 1 ] ||
		fail "$format beyond a limit: status $status, $said"
	only copy old
done
cp old copy
said=$( (ulimit -f 0; exec "$PAGESCAPE" record --force -o old true) 2>&1) && fail 'record beyond a limit: success'
[[ $said = *'too large' ]] || fail "record beyond a limit: $said"
kept 'record beyond a limit'
said=$( (ulimit -f 0; exec "$PAGESCAPE" lesson --new mine) 2>&1)
status=$?
[ $status = 1 ] && [[ $said = 'pagescape: cannot write '*': File too large' ]] ||
	fail "lesson --new beyond a limit: status $status, $said"
only copy old
exit "$failed"
