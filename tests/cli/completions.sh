#!/bin/bash
# Completions: bash, zsh and fish offer exactly what the program itself lists.
set -u
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"
# shellcheck source=tests/cli/tables.sh
. "$SRCDIR/cli/tables.sh"
data=$SRCDIR/../data/completions
PATH=$(dirname "$PAGESCAPE"):$PATH
mkdir "$dir/files" "$dir/files/folder"
touch "$dir/files/run.pgs" "$dir/files/other.c"
cd "$dir/files" || exit 1

# For each shell: reads lines as they are typed up to the key tab, prints each with a tab and what is offered.
offers_bash() {
	local line
	# shellcheck source=data/completions/bash/pagescape
	. "$data/bash/pagescape"
	while IFS= read -r line; do
		read -ra COMP_WORDS <<<"$line"
		[[ $line != *' ' ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_pagescape
		printf '%s\t%s \n' "$line" "${COMPREPLY[*]-}"
	done
}
offers_zsh() {
	timeout 300 zsh -f "$SRCDIR/cli/complete.zsh" "$data/zsh"
}
offers_fish() {
	local line
	while IFS= read -r line; do
		printf '%s\t%s \n' "$line" "$(HOME=$dir fish --no-config -c "source '$data/fish/pagescape.fish'
			complete -C '$line'" | cut -f 1 | tr '\n' ' ')"
	done
}

# What is typed; what of the words is to be offered: = just these, + these among others, - none but these; the words.
expect() {
	printf '%s\t%s\t%s\n' "$1" "$2" "$(tr '\n' ' ' <<<"$3")"
}
expectations() {
	local command
	expect 'pagescape --' - "$(options_of)"
	expect 'pagescape --' + '--pid --output --follow-forks --theme --no-pagemap'
	for command in $commands; do
		expect "pagescape $command --" = "$(options_of "$command")"
		expect "pagescape ${command:0:3}" + "$command"
	done
	expect 'pagescape export ' = "$formats"
	expect 'pagescape help ' = "$topics"
	expect 'pagescape --theme ' = "$themes"
	expect 'pagescape export svg run.pgs --view ' = "$views"
	expect 'pagescape export folded --top ' = 'process region'
	expect 'pagescape --do ' = "$screen_commands"
	expect 'pagescape lesson ' + "$lessons run.pgs"
	expect 'pagescape snapshot -p ' + "$$"
	expect 'pagescape replay ' + run.pgs
	expect 'pagescape replay r' = run.pgs
	expect 'pagescape replay oth' = other.c
	expect 'pagescape diff run.pgs r' = run.pgs
	expect 'pagescape export html r' = run.pgs
	expect 'pagescape --theme dark repl' + replay
	expect 'pagescape record -o x basenam' = basename
	expect 'pagescape --ascii -- basenam' = basename
	expect 'pagescape basenam' = basename
}


# compare SHELL: its offers, from standard input, with the expectations, of which there are as many
compare() {
	local shell=$1 typed how words line offered missing more bad=0 count=0
	while IFS=$'\t' read -r typed how words && IFS=$'\t' read -r line offered <&3; do
		count=$((count + 1))
		[ "$typed" = "$line" ] || { echo "$shell answers to '$line' instead of '$typed'"; bad=1; break; }
		missing=$(comm -23 <(tr ' ' '\n' <<<"$words" | sort -u) <(tr ' ' '\n' <<<"$offered" | sort -u) | tr '\n' ' ')
		more=$(comm -13 <(tr ' ' '\n' <<<"$words" | sort -u) <(tr ' ' '\n' <<<"$offered" | sort -u) | tr '\n' ' ')
		[[ $how = - || -z ${missing// /} ]] || { echo "$typed: $shell does not offer $missing"; bad=1; }
		[[ $how = + || -z ${more// /} ]] || { echo "$typed: $shell also offers ${more:0:80}"; bad=1; }
		[[ $how != - || -n ${offered// /} ]] || { echo "$typed: $shell offers nothing"; bad=1; }
	done 3<"$dir/offered.$shell" <"$dir/expected"
	[ "$count" = "$(wc -l <"$dir/expected")" ] || { echo "$shell: $count answers only"; bad=1; }
	if [ "$bad" = 0 ]; then
		echo "ok - $shell: $count lines"
	else
		echo "not ok - $shell: say so in $(find "$data/$shell" -type f)"
		failed=1
	fi
}

expectations >"$dir/expected"
for shell in bash zsh fish; do
	if ! command -v $shell >/dev/null; then
		echo "ok - $shell # SKIP there is no $shell here"
		continue
	fi
	cut -f 1 "$dir/expected" | offers_$shell >"$dir/offered.$shell"
	compare $shell
done
exit "$failed"
