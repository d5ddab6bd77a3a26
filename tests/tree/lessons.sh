#!/bin/bash
# lessons: each folder of data/lessons is one that data/Makefile.am builds and installs, and has a program, a text in each
# language, and an exercise with its task in each language.
# shellcheck source=tests/common.sh
. "${SRCDIR:?}/common.sh"
cd "$SRCDIR/.." || exit 1

languages="en $(grep -v '^#' po/LINGUAS | tr '\n' ' ')"
built=$(sed -n '/^LESSONS = /,/[^\\]$/{s/^LESSONS = //;s/\\$//;p}' data/Makefile.am | tr -s ' \t' '\n\n' | grep . | LC_ALL=C sort)
there=$(for lesson in data/lessons/*/; do basename "$lesson"; done | LC_ALL=C sort)

none "data/Makefile.am names each lesson (< it alone has, > only a folder)" < <(
	diff <(echo "$built") <(echo "$there") | grep '^[<>]'
)
# wanted LESSON: the files that it must have
wanted() {
	local language
	echo "$1.c"
	for language in $languages; do
		echo "$language.lesson"
		[ "$language" = en ] && echo exercise/task.md || echo "exercise/task.$language.md"
	done
	printf 'exercise/%s\n' check right.c wrong.c
}
none "each lesson has all its files" < <(
	for lesson in $there; do
		for file in $(wanted "$lesson"); do
			[ -s "data/lessons/$lesson/$file" ] || echo "data/lessons/$lesson lacks $file"
		done
	done
)
[ "$(wc -w <<<"$there")" -ge 19 ] && [ "$(wc -w <<<"$(wanted any)")" -ge 8 ]
result $? "these are lessons"
exit "$status"
