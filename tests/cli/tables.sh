# shellcheck shell=bash
# What the program itself lists, for tests of manuals and completions. Sourced.

export LC_ALL=C.UTF-8

# words_of_error COMMAND...: the names in "no such theme: x (there are dark, light)"
words_of_error() {
	"$PAGESCAPE" "$@" 2>&1 | sed -nE 's/.*\(there are (.*)\)$/\1/p' | tr -d ,
}

topics=$(words_of_error help nonsense)
themes=$(words_of_error --theme nonsense)
views=$(words_of_error export --view nonsense)
commands=
for topic in $topics; do
	[[ $("$PAGESCAPE" help "$topic") != usage:* ]] || commands+=" $topic"
done
formats=$("$PAGESCAPE" export --help | sed -n '/FORMAT is one of$/,/^$/p' | sed -nE 's/^  ([a-z-]+) .*/\1/p')
screen_commands=$("$PAGESCAPE" help commands | cut -d ' ' -f 1)
# on a screen that is wide enough for all of it
tabs=$("$PAGESCAPE" export asciicast --size 200x40 "$SRCDIR/session/v1-whole.pgs" --do 'tab nonsense' |
	sed -nE '/no such tab/{s/.*no such tab: nonsense \(there are ([^)]*)\).*/\1/p;q}' | tr -d ,)
lessons=$("$PAGESCAPE" lesson | grep -oE '^[^ ]+')

# options_of [COMMAND]: each with its dashes, a line each
# shellcheck disable=SC2120 # of all where none is named
options_of() {
	local help
	help=$("$PAGESCAPE" "$@" --help)
	sed -nE 's/^  (-., |    )?(--[a-z-]+)( .*|$)/\2/p' <<<"$help" | grep -v '^--no-$'
	for source in $(sed -n '/--no-SOURCE/,/^$/p' <<<"$help" | tail -n +2); do
		echo "--no-$source"
	done
}

# at_least N NAME WORDS: a list that is too short was not understood
at_least() {
	[ "$(wc -w <<<"$3")" -ge "$1" ] || { echo "not ok - the program names too few $2: $3"; exit 1; }
}
at_least 12 topics "$topics"
at_least 10 commands "$commands"
at_least 4 themes "$themes"
at_least 5 views "$views"
at_least 15 formats "$formats"
at_least 50 "commands of the screen" "$screen_commands"
at_least 10 tabs "$tabs"
at_least 10 lessons "$lessons"
at_least 40 options "$(options_of)"
