#!/bin/bash
# Wrong input: each has its exit status, one printable line on standard error that begins
# with "pagescape: ", and nothing on standard output.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
export LC_ALL=C.UTF-8
failed=0

# wrong STATUS PATTERN ARG...
wrong()
{
	local status=$1 pattern=$2 got lines
	shift 2
	"$PAGESCAPE" "$@" >out.$$ 2>err.$$ </dev/null
	got=$?
	lines=$(wc -l <err.$$)
	if [ "$got" -ne "$status" ] || [ "$lines" -ne 1 ] || [ -s out.$$ ] ||
		! grep -q "^pagescape: .*$pattern" err.$$ || LC_ALL=C grep -q '[[:cntrl:]]' err.$$; then
		printf 'pagescape'
		printf ' %q' "$@"
		printf '\n  status %s, expected %s; standard error, expected "%s":\n' "$got" "$status" "$pattern"
		cat -v err.$$
		[ -s out.$$ ] && { echo '  and on standard output:'; head -3 out.$$; }
		failed=1
	fi
}

# fine PATTERN ARG...
fine()
{
	local pattern=$1
	shift
	if ! "$PAGESCAPE" "$@" >out.$$ 2>err.$$ </dev/null || [ -s err.$$ ] || ! grep -q -e "$pattern" out.$$; then
		echo "pagescape $*: expected success and \"$pattern\""
		head -5 out.$$ err.$$
		failed=1
	fi
}

# several processes
wrong 1 'there is no process 2147483647' snapshot -p $$ -p 2147483647
wrong 1 'there is no cgroup nowhere' snapshot --cgroup nowhere
wrong 1 'there is no cgroup /nowhere' record -o x.$$ --cgroup /nowhere
wrong 2 'not a regular expression: a\[: ' faults --name 'a['
wrong 1 'there is no such process: name ^no such name\$' why --name '^no such name$'
wrong 1 'missing.pgs: no such session, nor a program' why missing.pgs
wrong 2 'remap_file_pages, madvise, msync' faults --filter cause:bogus true
wrong 2 'doctor takes one process' doctor -p 1,2
wrong 2 'diff does not take --name' diff --name x a b
wrong 2 'are mutually exclusive' snapshot -p $$ --cgroup x

# the command line
wrong 2 'unknown.*--bogus' --bogus
wrong 2 'unknown.*-Z' -Z
wrong 2 'unknown.*-Z' snapshot -Z -p 1
wrong 2 'unknown.*--no-p' --no-p ls
wrong 2 '-p needs an argument' -p
wrong 2 '--theme needs an argument' --theme
wrong 2 '--ascii takes no argument' --ascii=1
wrong 2 'not a process id: abc' -p abc
wrong 2 'not a process id: 0' -p 0
wrong 2 'not a process id: -1' -p -1
wrong 2 'not a process id: 12x' -p 12x
wrong 2 'not a process id: 99999999999999999999' -p 99999999999999999999
wrong 2 'a process id is missing' -p ''
wrong 2 'not a process id' -p $'1\033[31m\n'
wrong 2 'not both' -p 1 ls
wrong 2 'no such theme: pink (.*dark' --theme pink ls
wrong 2 '10 to 60000' --interval 0 ls
wrong 2 '10 to 60000' --interval x ls
wrong 2 '10 to 60000' --interval 60001 ls
wrong 2 'snapshot needs -p' snapshot
wrong 2 'unexpected argument: 4243' snapshot 4242 4243
wrong 2 'not both: 4242' snapshot -p 1 4242
wrong 2 'needs a SESSION' snapshot --at 1 -p 1
wrong 2 'takes seconds, not: 1,5' snapshot --at 1,5 x
wrong 2 'takes seconds, not: -1' snapshot --at -1 x
wrong 2 'takes seconds' snapshot --at '' x
wrong 2 'not in a session' snapshot --frames x
wrong 2 'replay needs' replay
wrong 2 'unexpected argument: b' replay a b
wrong 2 'replay does not take --pid' replay -p 1 x
wrong 2 'replay does not take --no-' replay --no-symbols x
wrong 2 'record needs -o' record ls
wrong 2 'record needs a PROGRAM' record -o x
wrong 2 'record does not take --theme' record --theme dark -o x ls
wrong 2 'not both: ls' record -o x -p 1 ls
wrong 2 'only pagescape record' -o - ls
wrong 2 'unexpected argument: x' doctor x
wrong 2 'diff needs two' diff
wrong 2 'diff needs two' diff /etc/passwd
wrong 2 'unexpected argument: c' diff a b c
wrong 1 'No such' diff '/no/such#7@1' b
wrong 2 'theme needs diff --screen' diff --theme dark a b
wrong 2 'summary and --stacks are mutually exclusive' faults --summary --stacks /bin/true
wrong 2 'screen and --json are mutually exclusive' diff --screen --json a b
wrong 2 'screen needs a terminal' diff --screen a b
wrong 2 'not a process id: x' diff pid:x b
wrong 2 'export needs a FORMAT (jsonl' export
wrong 2 'no such format: perl (there are jsonl' export perl x
wrong 2 'export needs a SESSION' export csv
wrong 2 'export does not take --json' export --json csv x
wrong 2 'export does not take --no-SOURCE' export --no-symbols csv x
wrong 2 'theme needs --picture FILE' snapshot --theme dark -p 1
wrong 2 'theme needs --picture FILE' --theme dark snapshot -p 1
wrong 2 'doctor does not take --pages' doctor --pages
wrong 2 'doctor does not take --smaps' doctor --smaps
wrong 2 '--json belongs to another command' --json ls
wrong 2 'PROGRAM or -p PID'

# the world
wrong 1 'no.* process' -p 2147483647
wrong 1 'no.* process' snapshot -p 2147483647
wrong 1 'no.* process' doctor -p 2147483647
wrong 1 'no-such-program' no-such-program
wrong 1 'no-such-program' -- /no/such/dir/no-such-program
wrong 1 'cannot read /no/such/file: No such' replay /no/such/file
wrong 1 'not a session' replay /etc/passwd
wrong 1 'not a session' diff /etc/passwd /etc/passwd
wrong 1 'not a session' export csv /etc/passwd
wrong 1 'cannot read /no/such/file: No such' diff /no/such/file pid:1
wrong 1 'cannot read /no/such/file: No such' export csv /no/such/file
wrong 1 '' export csv /
wrong 1 'not a session' snapshot /dev/null
wrong 1 'Is a directory' snapshot /
wrong 1 'No such file' snapshot 4242
wrong 1 'cannot write /no/such/dir' record -o /no/such/dir/x true
wrong 1 'already exists' record -o /etc/passwd true
wrong 1 'already exists' -o /etc/passwd true
wrong 1 'snapshot' -- snapshot
wrong 1 '/etc/passwd' /etc/passwd
wrong 1 '' /
wrong 1 'evil' $'\033]0;evil\007'
if [ "$(ps -o stat= -p 2 2>/dev/null)" ] && [ "$(cat /proc/2/comm)" = kthreadd ]; then
	wrong 1 'thread of the kernel' -p 2
	wrong 1 'thread of the kernel' snapshot -p 2
fi

# a zombie
( sleep 0 & exec sleep 60 ) &
parent=$!
for _ in $(seq 200); do
	zombie=$(pgrep -P $parent)
	[ -n "$zombie" ] && grep -q 'State:.*Z' /proc/"$zombie"/status && break
	sleep 0.02
done
wrong 1 'ended' snapshot -p "$zombie"
wrong 1 'ended' -p "$zombie"
kill $parent
wait $parent 2>/dev/null

# output that cannot be written
"$PAGESCAPE" --help >/dev/full 2>err.$$
[ $? -eq 1 ] && grep -q '^pagescape: .*No space left' err.$$ || { echo '/dev/full: --help'; cat err.$$; failed=1; }
"$PAGESCAPE" snapshot -p $$ >/dev/full 2>err.$$
[ $? -eq 1 ] && grep -q '^pagescape: .*No space left' err.$$ || { echo '/dev/full: snapshot'; cat err.$$; failed=1; }
"$PAGESCAPE" true >/dev/full 2>err.$$
[ $? -eq 1 ] && grep -q '^pagescape: .*No space left' err.$$ || { echo '/dev/full: watch'; cat err.$$; failed=1; }

# right input
fine '^usage: pagescape' --help
fine '^usage: pagescape snapshot' snapshot --help
fine 'for example: pagescape snapshot' --help
fine '^usage: pagescape snapshot' help snapshot
fine '^usage: pagescape \[OPTION' help
fine 'zoom in, out' help keys
fine 'reserved .*promised' help states
wrong 2 'no such topic: x (there are keys, commands, states, causes, snapshot' help x
fine '^pagescape [0-9]' --version
fine '^pagescape [0-9]' -V
fine 'exit 0' -- true
fine 'exit 3' sh -c 'exit 3'
fine 'output snapshot' -- echo snapshot
fine '^pid ' snapshot -p $$
fine 'pagemap' doctor

# all of --help fits 80 columns
commands=$("$PAGESCAPE" help nonsense 2>&1 | sed -nE 's/.*\(there are keys, commands, states, causes, (.*)\)$/\1/p' | tr -d ,)
[ "$(wc -w <<<"$commands")" -ge 11 ] || { echo "help names too few commands: $commands"; failed=1; }
for command in '' $commands; do
	"$PAGESCAPE" $command --help | awk -v c="$command" 'length > 80 { print "help too wide: " c ": " $0; bad = 1 } END { exit bad }' || failed=1
done

rm -f out.$$ err.$$
exit $failed
