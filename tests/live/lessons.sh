#!/bin/bash
# Every claim of every lesson is true on this kernel, as root and as an ordinary user; the
# other languages have the same steps. What this machine cannot show is named.
#
# Time limit: 900 s
# (without debug registers each stop of a lesson is reached in single steps)
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
status=0
lessons=$BUILDDIR/../data/lessons

# check NAME WHO COMMAND...: the lesson's program lies beside its text, in the build tree. Sets `here`: whether it can be given
# on this machine.
check() {
	local name=$1 who=$2 code
	here=1
	shift 2
	"$@" "$PAGESCAPE" lesson --check --allow-unknown "$lessons/$name" >"$work/said" 2>&1 </dev/null
	code=$?
	if [ $code = 0 ] && grep -qE "^en.lesson:.*: cannot be checked here: needs " "$work/said"; then
		echo "ok - $name, $who # SKIP $(sed -n 's/.*here: //p' "$work/said")"
		here=0
	elif [ $code = 0 ] && grep -qE "^$name: [1-9][0-9]* hold, 0 fail" "$work/said"; then
		echo "ok - $name, $who: $(tail -1 "$work/said")"
	else
		echo "not ok - $name, $who: exit status $code"
		sed 's/^/# /' "$work/said"
		status=1
	fi
}

count=0
names=()
for lesson in "$lessons"/*/; do
	name=$(basename "$lesson")
	count=$((count + 1))
	names+=("$name")
	check "$name" "$(id -un)" env
	if [ "$(id -u)" = 0 ]; then
		if as_nobody true; then
			check "$name" nobody as_nobody
		else
			echo "ok - $name, nobody # SKIP an ordinary user cannot reach the build folder"
		fi
	fi
	for text in "$lesson"*.lesson; do
		language=$(basename "$text" .lesson)
		if "$PAGESCAPE" lesson --lang "$language" "$lesson" >"$work/$language" 2>"$work/said" </dev/null ||
			[ $here = 0 ]; then
			echo "ok - $name, its text in $language"
		else
			echo "not ok - $name, its text in $language: $(tail -1 "$work/said")"
			status=1
		fi
		[ $here = 1 ] || continue
		if [ "$(grep -c '^= .' "$work/$language")" = "$(grep -c '^ask ' "$text")" ] &&
			grep -qE '^  .+: .' "$work/$language" && ! grep -qE '^  [^ ]+: *$' "$work/$language"; then
			echo "ok - $name, printed in $language: every answer, and what is at every place"
		else
			echo "not ok - $name, printed in $language: an answer or a place is empty"
			sed 's/^/# /' "$work/$language"
			status=1
		fi
	done
done
if [ "$count" -ge 19 ]; then
	echo "ok - the whole lecture: $count lessons"
else
	echo "not ok - only $count lessons"
	status=1
fi

# the whole lecture, recorded as one, and checked from the recording: the same holds, lesson by lesson
"$PAGESCAPE" lesson --check --all --allow-unknown -o "$work/lecture" >"$work/live" 2>"$work/said" </dev/null &&
	"$PAGESCAPE" lesson --check --allow-unknown "$work/lecture" >"$work/recorded" 2>>"$work/said" </dev/null &&
	"$PAGESCAPE" lesson --check --allow-unknown --json "$work/lecture" >"$work/json" 2>>"$work/said" </dev/null &&
	grep -v ' needs ' "$work/live" | sed '/^lecture:/d; /: 0 hold, 0 fail/d' | cmp - <(sed '/^lecture:/d' "$work/recorded") &&
	[ "$(grep -c '^[a-z0-9-]*: [1-9][0-9]* hold, 0 fail' "$work/recorded")" -gt 15 ] &&
	grep -qE '^lecture: [1-9][0-9]{2} hold, 0 fail' "$work/recorded" &&
	grep -q '"where": "promise/en.lesson:' "$work/json"
if [ $? = 0 ]; then
	echo "ok - the whole lecture, recorded: $(tail -1 "$work/recorded")"
else
	echo "not ok - the whole lecture, recorded"
	diff "$work/live" "$work/recorded" | sed 's/^/# /'
	sed 's/^/# /' "$work/said"
	status=1
fi

# a recording that is cut is counted as failed, and those after it are checked; what is no session is named
recordings=("$work/lecture"/*.pgs)
mkdir "$work/cut" && cp "${recordings[@]:0:2}" "$work/cut" && : >"$work/cut/03-empty.pgs" && echo text >"$work/cut/04-text.pgs"
for first in "$work/cut"/01-*.pgs; do truncate -s 40 "$first"; done
"$PAGESCAPE" lesson --check --allow-unknown "$work/cut" >"$work/recorded" 2>"$work/said" </dev/null
if [ $? = 1 ] && grep -q '^01-.*: the recording can be read: it is no (' "$work/recorded" &&
	grep -q '^lecture: [1-9][0-9]* hold, 1 fail' "$work/recorded" && [ "$(wc -l <"$work/said")" = 2 ] &&
	grep -q '03-empty.pgs is left out: it is empty' "$work/said" &&
	grep -q '04-text.pgs is left out: it is not a session' "$work/said"; then
	echo "ok - a damaged recording among others"
else
	echo "not ok - a damaged recording among others"
	sed 's/^/# /' "$work/recorded" "$work/said"
	status=1
fi

# a program that never comes to its next step
mkdir "$work/forever"
printf '#include <unistd.h>\nint main(void)\n{\n\tpause();\n\treturn 0;\n}\n' >"$work/forever/forever.c"
printf 'title: F\nabout: A\n\n== start\ntitle: One\n\n== end\ntitle: Two\n' >"$work/forever/en.lesson"
"$PAGESCAPE" lesson --check --timeout 0.5 "$work/forever" >"$work/recorded" 2>"$work/said" </dev/null
if [ $? = 1 ] && grep -q 'en.lesson:7: the program has not reached end after 0.5 seconds' "$work/said"; then
	echo "ok - a program that never comes to its next step"
else
	echo "not ok - a program that never comes to its next step"
	sed 's/^/# /' "$work/recorded" "$work/said"
	status=1
fi

# with question, answer and explanation
for language in en ru; do
	"$BUILDDIR/live/lecture_fits" $language "${names[@]/#/$lessons/}" 2>&1 || status=1
done
exit $status
