#!/bin/bash
# Expectations on the real kernel, as the current user, and for root also as nobody: one of every kind holds;
# turned into its opposite it fails; a program that does not do what its lesson says is found out; and nothing is
# left behind. The lessons themselves are tried by lessons.sh.
#
# Time limit: 900 s
# (without debug registers each stop of a lesson is reached in single steps)
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
evidence=("$work/nobody/out" "$work/nobody/err")
export TMPDIR=$work/nobody LC_ALL=C.UTF-8
unset LANGUAGE PAGESCAPE_LESSONS

# check [as_nobody] ARGUMENT...: runs lesson --check, its output in out and err; its status
check() {
	local as=
	[ "$1" != as_nobody ] || { as=$1 && shift; }
	$as "$PAGESCAPE" lesson --check "$@" >"$work/nobody/out" 2>"$work/nobody/err" </dev/null
}

# holds WHO NAME [as_nobody]: all of a lesson holds; what this user cannot know is no failure
holds() {
	local who=$1 name=$2
	shift 2
	check "$@" --allow-unknown "$name"
	result $? "$who: lesson ${name##*/} holds"
	grep -q "cannot be checked here: needs" "$work/nobody/out" && echo "# $(cat "$work/nobody/out")"
}

# lies WHO NAME [as_nobody]: none of the opposites holds, each is named with its line
lies() {
	local who=$1 folder=$2 claims bad=0
	shift 2
	check "$@" --allow-unknown "$folder"
	[ $? = 1 ] || { echo "# a lesson of lies did not fail"; bad=1; }
	claims=$(grep -c '^expect: ' "$folder/en.lesson")
	[ "$(grep -cE '^en.lesson:[0-9]+: .*: (it is |it does not hold|cannot be checked here: )' "$work/nobody/out")" = "$claims" ] || {
		echo "# not each of $claims lies was found out:"
		grep -nE '^expect: ' "$folder/en.lesson" | while IFS=: read -r line rest; do
			grep -q "^en.lesson:$line: " "$work/nobody/out" || echo "# line $line:$rest"
		done
		bad=1
	}
	grep -qE "^${folder##*/}: [01] hold, [1-9]" "$work/nobody/out" || bad=1
	result $bad "$who: all $claims opposites of ${folder##*/} are found out"
}

cp -r "$SRCDIR/live/lessons/truths" "$work/nobody/truths"
cp -r "$SRCDIR/live/lessons/truths" "$work/nobody/lies"
chmod -R u+w,a+rX "$work/nobody"
rename_program() { mv "$work/nobody/$1/$2.c" "$work/nobody/$1/$1.c"; }
rename_program lies truths
sed -i 's:"/truths":"/lies":' "$work/nobody/lies/lies.c"
opposite "$work/nobody/lies"

# no kind is left out
kinds=$(sed -n '/^static const struct figure/,/^};/s/^[^"]*"\([a-z-]*\)".*/\1/p' "$SRCDIR/../src/expect/figure.c")
kinds+=" $(sed -nE '/^} states\[\] = /,/^};/s/^\t\[PAGE_[A-Z]+\] = \{ "([a-z]+)".*/\1/p' "$SRCDIR/../src/event/page.c" | grep -vx none)"
[ "$(wc -w <<<"$kinds")" -gt 40 ]
result $? "the figures that expectations know were found"
missing=
for kind in $kinds 'contains' '<' '<=' '>' '>=' '!=' 'in child' 'at mark' 'since' 'with cause' 'with access' 'own function' 'under function'; do
	grep -qE "^expect: (.* )?$kind( |\$)" "$work/nobody/truths/en.lesson" || missing+=" $kind"
done
[ -z "$missing" ] || echo "# no claim of:$missing"
[ -z "$missing" ]
result $? "every kind of expectation has a claim that is true, and one that is false"

me=$(id -un)
holds "$me" "$work/nobody/truths"
lies "$me" "$work/nobody/lies"
if [ "$me" = root ]; then
	check "$work/nobody/truths"
	result $? "root: everything can be known"
fi
if as_nobody true; then
	holds nobody "$work/nobody/truths" as_nobody
	lies nobody "$work/nobody/lies" as_nobody
else
	echo "ok - lessons as nobody # SKIP we are not root, or nobody cannot enter $BUILDDIR"
fi

# three that were written from the manual page alone: with each kind of question, with a child, of 32 bits
for name in stride forked small; do
	cp -r "$SRCDIR/live/lessons/$name" "$work/nobody/$name"
	chmod -R u+w,a+rX "$work/nobody/$name"
	holds "$me" "$work/nobody/$name"
	grep -qE "^$name: ([1-9][0-9]* hold, 0 fail|0 hold, 0 fail, 1 cannot)" "$work/nobody/out"
	result $? "$me: $name was gone through"
done
"$PAGESCAPE" lesson --lang de "$work/nobody/stride" >"$work/nobody/out" 2>"$work/nobody/err" </dev/null
if grep -q "needs the shared zero page" "$work/nobody/err"; then
	echo "ok - every kind of right answer is printed # SKIP $(cat "$work/nobody/err")"
else
	[ "$(grep -cx -e '= 8' -e '= 2  Die Nullseite' -e '= pages 0 to 15 of table' "$work/nobody/out")" = 3 ] &&
		grep -qx '  heap: nothing is mapped there' "$work/nobody/out" && grep -qx '  table: 12 zero 4 anon' "$work/nobody/out"
	result $? "every kind of right answer is printed, in a language that the interface has not"
fi
sed -i 's/variable data/data/; s/variable status/status/' "$work/nobody/forked/en.lesson"
check "$work/nobody/forked"
grep -qE 'byte of data = 97: it is [0-9]+ \(the program also has a variable data: to mean that one, write "variable data"\)' "$work/nobody/out" &&
	grep -q 'status / 256 = 7: .*write "variable status"' "$work/nobody/out"
result $? "a word that is a variable, too, is named"

# a recording gives the same lesson again: every word, every figure, every expectation
recorded() {
	"$PAGESCAPE" lesson -o "$work/nobody/$2.pgs" "$1" >"$work/nobody/live" 2>"$work/nobody/err" </dev/null &&
		"$PAGESCAPE" lesson "$work/nobody/$2.pgs" >"$work/nobody/out" 2>>"$work/nobody/err" &&
		[ "$(wc -l <"$work/nobody/live")" -gt 20 ] && cmp -s "$work/nobody/live" "$work/nobody/out"
	result $? "$2: the recording says the same"
	check --allow-unknown "$1" && cp "$work/nobody/out" "$work/nobody/live" &&
		check --allow-unknown "$work/nobody/$2.pgs" && cmp -s "$work/nobody/live" "$work/nobody/out"
	result $? "$2: the recording holds what the lesson holds"
	"$PAGESCAPE" export jsonl "$work/nobody/$2.pgs" 2>"$work/nobody/err" | grep -q '"event": "mark"'
	result $? "$2: its stops are marks"
}
recorded "$work/nobody/truths" truths
recorded promise promise
"$PAGESCAPE" lesson --lang ru "$work/nobody/promise.pgs" 2>"$work/nobody/err" | grep -q '4 кадра'
result $? "a recording has all languages"
"$PAGESCAPE" check 'resident of stack at mark touched > 0' 'faults since touched > 2' "$work/nobody/promise.pgs" \
	>"$work/nobody/out" 2>"$work/nobody/err"
result $? "check finds the marks of a recorded lesson"

# a recording that is damaged, or cut anywhere, or of a lecture that was left early: one line, and no success
one_line() {
	local words=$1
	shift
	"$@" >"$work/nobody/out" 2>"$work/nobody/err" </dev/null
	[ $? = 1 ] && [ "$(wc -l <"$work/nobody/err")" = 1 ] && grep -q "^pagescape: .*$words" "$work/nobody/err"
}
damaged() {
	for what in "" --check; do
		# shellcheck disable=SC2086 # no word where it is empty
		one_line "$2" "$PAGESCAPE" lesson $what "$work/nobody/damaged.pgs" || return 1
	done
	one_line "$2" "$PAGESCAPE" lesson --handout "$work/nobody/damaged.html" "$work/nobody/damaged.pgs" &&
		[ ! -e "$work/nobody/damaged.html" ] || return 1
}
size=$(stat -c %s "$work/nobody/promise.pgs")
for cut in 5 100 $((size / 2)) $((size * 9 / 10)); do
	head -c "$cut" "$work/nobody/promise.pgs" >"$work/nobody/damaged.pgs"
	damaged "$cut" "\(neither the recording\|damaged or truncated\)"
	result $? "cut behind $cut of $size bytes"
done
{ head -c $((size / 2)) "$work/nobody/promise.pgs"; printf 'damaged!'; tail -c +$((size / 2 + 9)) "$work/nobody/promise.pgs"; } \
	>"$work/nobody/damaged.pgs"
damaged flipped "damaged or truncated"
result $? "damaged in the middle"
"$PAGESCAPE" record -o "$work/nobody/damaged.pgs" --force -- /bin/true 2>"$work/nobody/err"
damaged other "there is no lesson in the recording"
result $? "a recording of something else"

# says STATUS WORDS NAME: what --check says of a lesson that cannot be gone through
says() {
	local wanted=$1 words=$2
	check "$work/nobody/$3"
	[ $? = "$wanted" ] && grep -qF -e "$words" "$work/nobody/out" "$work/nobody/err"
	result $? "$3: $words"
}

# lesson NAME BODY TEXT: makes one, with BODY in main
lesson() {
	mkdir "$work/nobody/$1"
	printf '#include <signal.h>\n#include <unistd.h>\nint once;\nint main(void)\n{\n%s\n}\n' "$2" >"$work/nobody/$1/$1.c"
	printf 'title: T\n%s\n' "$3" >"$work/nobody/$1/en.lesson"
}

lesson order $'\tonce = 1; /* @one */\n\tonce = 2; /* @two */\n\treturn 0;' $'== two\ntitle: S\n== one\ntitle: S'
says 1 'en.lesson:2: the program reaches one before two' order
lesson ends $'\tif (once)\n\t\tonce = 2; /* @two */\n\treturn 0;' $'== two\ntitle: S\nexpect: once = 0'
says 1 'en.lesson:2: the program ended before it reached two' ends
lesson dies $'\traise(SIGABRT);\n\tonce = 2; /* @two */\n\treturn 0;' $'== two\ntitle: S\nexpect: once = 0'
says 1 'en.lesson:2: the program was killed by SIGABRT before it reached two' dies
lesson nocode $'\tonce = 2;\n/* @two */\n\treturn 0;' $'== two\ntitle: S'
says 1 'nocode.c:7: the program cannot be stopped at the mark two: line 7 of nocode.c has no code' nocode
lesson novar $'\treturn 0; /* @two */' $'== two\ntitle: S\nexpect: twice = 0'
says 1 'en.lesson:4: the program has no variable twice of file scope' novar
lesson nomark $'\treturn 0;' $'== two\ntitle: S'
says 1 'en.lesson:2: there is no mark two: expected a comment /* @two */ in nomark.c' nomark
lesson badc $'\treturn nothing; /* @two */' $'== two\ntitle: S'
says 1 "badc.c:6:16: error: 'nothing' undeclared" badc
lesson unlinked $'\textern int nowhere(void);\n\treturn nowhere(); /* @two */' $'== two\ntitle: S'
says 1 "unlinked.c:7: undefined reference to \`nowhere'" unlinked
lesson empty $'\treturn 0; /* @two */' $'== two\ntitle: S'
says 1 'empty: no expectations: 0 hold, 0 fail' empty
lesson choice $'\treturn 0; /* @two */' $'== two\ntitle: S\nask choice: Q?\nchoice: a\nwhen: once = 0\nchoice: b\nwhen: once < 1'
says 1 'en.lesson:4: right choices = 1: it is 2' choice
lesson passes $'\tfor (int i = 0; i < 5; i++)\n\t\tonce = i; /* @two */\n\treturn 0;' \
	$'== two 2\ntitle: S\nexpect: once = 0\n== two 5\ntitle: S\nexpect: once = 3\n== end\ntitle: S\nexpect: once = 4'
says 0 'passes: 3 hold' passes

( cd "$work/nobody" && "$PAGESCAPE" lesson --check truths ) >"$work/nobody/out" 2>"$work/nobody/err"
[ $? = 1 ] && grep -q 'a folder of your own is ./truths' "$work/nobody/err"
result $? "a folder of one's own has a slash"
"$PAGESCAPE" lesson --new "$work/nobody/mine" >"$work/nobody/out" 2>"$work/nobody/err" && check "$work/nobody/mine"
result $? "what --new writes works"
"$PAGESCAPE" lesson --lang ru --new "$work/nobody/moy" >"$work/nobody/out" 2>"$work/nobody/err" &&
	[ "$(ls "$work/nobody/moy")" = $'en.lesson\nmoy.c\nru.lesson' ] &&
	cmp "$work/nobody/moy/en.lesson" "$work/nobody/mine/en.lesson" &&
	check --lang ru "$work/nobody/moy" &&
	"$PAGESCAPE" lesson --lang ru "$work/nobody/moy" 2>"$work/nobody/err" | grep -q "16 страниц, в памяти из них 0"
result $? "in another language it has that, too, and English"
# a false claim is also reported while the lesson is given
sed -i '0,/expect: resident of area = 0/s//expect: resident of area = 1/' "$work/nobody/moy/en.lesson"
"$PAGESCAPE" lesson "$work/nobody/moy" >"$work/nobody/out" 2>"$work/nobody/err"
[ "$(grep -c "^does not hold: " "$work/nobody/out")" = 1 ] &&
	grep -q "^does not hold: en.lesson:[0-9]*: resident of area = 1: it is 0 pages" "$work/nobody/out"
result $? "a false claim is said where the lesson is printed"
"$PAGESCAPE" lesson --new "$work/nobody/mine" >"$work/nobody/out" 2>"$work/nobody/err"
[ $? = 1 ] && grep -q 'cannot make the folder' "$work/nobody/err"
result $? "--new overwrites nothing"
( cd "$work/nobody" && "$PAGESCAPE" lesson --new "it's mine" ) >"$work/nobody/out" 2>"$work/nobody/err" &&
	grep -qF "lesson --check './it'\\''s mine'" "$work/nobody/out"
result $? "what --new says to try is a command"
"$PAGESCAPE" lesson --new >"$work/nobody/out" 2>"$work/nobody/err"
[ $? = 2 ] && grep -qF -e '--new needs a NAME' "$work/nobody/err"
result $? "--new needs a name"
"$PAGESCAPE" lesson truths fork >"$work/nobody/out" 2>"$work/nobody/err"
[ $? = 2 ] && grep -qF 'unexpected argument: fork (see pagescape lesson --help)' "$work/nobody/err"
result $? "an error names the --help that says more"

# interrupted while the program waits for something that never comes
lesson waits $'\tonce = 1;\n\tpause();\n\tonce = 2; /* @two */\n\treturn 0;' $'== two\ntitle: S'
(
	trap - INT
	exec "$PAGESCAPE" lesson --check "$work/nobody/waits" >"$work/nobody/out" 2>"$work/nobody/err" </dev/null
) &
waiting=$!
program_runs() { [ "$(cat /proc/*/comm 2>/dev/null | grep -cx waits)" -gt 0 ]; }
until_ok program_runs
kill -TERM $waiting
wait $waiting
[ $? = 143 ] && ! program_runs
result $? "a signal ends it and its program"

# a lecture that was left early is recognised as such
lesson early $'\tonce = 1; /* @one */\n\tpause();\n\tonce = 2; /* @two */\n\treturn 0;' \
	$'== one\ntitle: S\nexpect: once = 0\n== two\ntitle: S'
(
	trap - INT
	exec "$PAGESCAPE" lesson -o "$work/nobody/early.pgs" "$work/nobody/early" >"$work/nobody/out" 2>"$work/nobody/err" </dev/null
) &
waiting=$!
until_ok grep -q '1/2' "$work/nobody/out"
kill -TERM $waiting
wait $waiting
check "$work/nobody/early.pgs"
[ $? = 1 ] && grep -q '^en.lesson:5: == two: cannot be checked here: the recording ends before this step' "$work/nobody/out" &&
	grep -q '1 hold, 0 fail, 1 cannot' "$work/nobody/out"
result $? "the recording of a lecture that was left early"

nothing_left() { [ -z "$(find "$TMPDIR" -maxdepth 1 -name 'pagescape-lesson.*')" ]; }
nothing_left
result $? "nothing is left behind"
for signal in KILL SEGV; do
	"$PAGESCAPE" lesson --check "$work/nobody/waits" >"$work/nobody/out" 2>"$work/nobody/err" </dev/null &
	waiting=$!
	until_ok program_runs
	nothing_left && { echo "# it was not compiled"; false; }
	compiled=$?
	kill -$signal $waiting
	wait $waiting 2>/dev/null
	until_ok nothing_left && [ $compiled = 1 ]
	result $? "nor where SIG$signal ends it"
	until_ok eval '! program_runs'
done
exit $status
