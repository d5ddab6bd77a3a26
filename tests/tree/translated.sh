#!/bin/bash
# translated: what the manual pages in other languages (man/LANGUAGE) and README.LANGUAGE.md have in common with the
# English ones: sections, options, commands, members, environment variables, files, formats, exit statuses, numbers,
# literal text. So nothing is added, renamed or dropped on one side only.
cd "${SRCDIR:?}/.." || exit 1
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
words=tests/tree/marked_words.awk

report() {
	if [ -s "$dir/report" ]; then
		cat "$dir/report"
		echo "not ok - $1"
		status=1
	else
		echo "ok - $1"
	fi
	: >"$dir/report"
}
status=0
: >"$dir/report"

# of KIND ENGLISH OTHER: one file each, $dir/a and $dir/b
list() {
	awk -v what="$1" -f "$words" "$2" >"$dir/a" && awk -v what="$1" -f "$words" "$3" >"$dir/b" || exit 99
	case $1 in
	word | number) sort -u -o "$dir/a" "$dir/a" && sort -u -o "$dir/b" "$dir/b" ;;
	literal) # what is translated there stands for itself
		awk 'NR == FNR { other[NR] = $0; next } { print other[FNR] ~ / [?]$/ ? other[FNR] : $0 }' "$dir/b" "$dir/a" >"$dir/c"
		mv "$dir/c" "$dir/a"
		;;
	esac
}

# differences PAGE OTHER: what one has and the other has not, by the English names of sections
differences() {
	mapfile -t sections < <(sed -nE 's/^\.S[hs] //p' "$1")
	list section "$1" "$2"
	cmp -s "$dir/a" "$dir/b" || {
		echo "$2 has not the sections and subsections of $1: $(grep -c . "$dir/b") of them, not $(grep -c . "$dir/a")"
		return
	}
	for kind in item word number literal; do
		list $kind "$1" "$2"
		[ -s "$dir/a" ] || [ $kind = literal ] || echo "$1 has no ${kind}s at all"
		diff "$dir/a" "$dir/b" | sed -nE 's/^([<>]) ([0-9]+) [a-z]+ (.*)$/\1 \2 \3/p' |
			while read -r side number what; do
				section=${sections[number - 1]:-}
				case $side in
				'<') echo "$2 lacks, in $section: $what" ;;
				'>') echo "$2 has what $1 has not, in $section: $what" ;;
				esac
			done
	done
}

# The page as it looks: in characters, not bytes.
long_lines() {
	awk '/^\.Bd -literal/ { literal = 1 } /^\.Ed/ { literal = 0 } !literal && !/^\./ { print FILENAME ":" FNR ": " $0 }' "$1" |
		LC_ALL=C.UTF-8 grep -E "^[^:]*:[0-9]+: .{81,}" | sed 's/^/longer than 80 characters: /'
}

# mandoc knows the English names of sections only, counts bytes, and takes the end of a word for a delimiter
lint() {
	mandoc -T lint "$1" 2>/dev/null | grep -v -e 'first section is not "NAME"' -e 'description line outside NAME section' \
		-e 'longer than 80 bytes' -e 'STYLE: .*trailing delimiter' -e 'referenced manual not found'
}

pages=(man/??/*.[1-9])
[ -e "${pages[0]}" ] || { echo "not ok - there is no manual page in another language"; exit 1; }
for page in "${pages[@]}"; do
	english=man/${page##*/}
	differences "$english" "$page" >>"$dir/report"
	report "$page says what $english says"
	long_lines "$page" >>"$dir/report"
	! command -v mandoc >/dev/null || lint "$page" >>"$dir/report"
	! command -v groff >/dev/null || groff -ww -Kutf8 -Tutf8 -mdoc "$page" 2>&1 >/dev/null | grep . >>"$dir/report"
	report "$page is well written mdoc"
done
for language in man/??/; do
	for english in man/*.[1-9]; do
		[ -e "$language${english##*/}" ] || echo "$language has no ${english##*/}" >>"$dir/report"
	done
done
report "each manual page is there in each language"

# proof that a difference is noticed: one of each kind
differ() {
	sed "$1" man/pagescape.1 >"$dir/pagescape.1"
	cmp -s man/pagescape.1 "$dir/pagescape.1" && echo "the page has nothing to try: $1" >>"$dir/report"
	differences man/pagescape.1 "$dir/pagescape.1" >"$dir/found"
	grep -qF "$2" "$dir/found" || echo "not noticed: $2" >>"$dir/report"
}
differ '/^\.It Fl -paused$/d' 'lacks, in OPTIONS: Fl --paused'
differ '/^\.It Cm why$/d' 'lacks, in DESCRIPTION: Cm why'
differ '/^\.It Ev NO_COLOR$/d' 'lacks, in ENVIRONMENT: Ev NO_COLOR'
differ '/^\.It 2$/d' 'lacks, in EXIT STATUS: 2'
differ '/^\.It Cm speedscope$/d' 'lacks, in EXPORT: Cm speedscope'
differ 's/262144/262145/' 'lacks, in THE SCREEN: 262144'
differ '/^\.Sh FILES$/d' 'has not the sections'
differ '/^theme = contrast$/d' 'lacks, in SETTINGS: theme = contrast'
report "a missing option, command, variable, status, format, number, section or line of an example is noticed"

# README: the commands, the headings, and where its links lead
outline() {
	# shellcheck disable=SC2016 # backquotes of the text
	sed -nE -e 's/^(#+) .*/\1/p' -e 's/^    ((\.\/bootstrap|pagescape|man|ssh) .*)/\1/p' "$1" | sed -E 's/ +#.*$//; s/  .*//'
	grep -oE '\]\([^)]+\)' "$1" | sed -E 's/README[a-z.]*\.md/README.md/' | sort -u
	grep -oE '`--?[a-z][a-z-]*|[A-Z_]{8,}' "$1" | sort -u
}
for readme in README.??.md; do
	[ -e "$readme" ] || { echo "there is no README in another language" >>"$dir/report"; continue; }
	language=${readme#README.} language=${language%.md}
	outline README.md >"$dir/a"
	outline "$readme" | sed -E "s/\.$language\.(png|svg)/.\1/" >"$dir/b"
	grep -qF "]($readme)" README.md || echo "README.md has no link to $readme" >>"$dir/report"
	[ "$(wc -l <"$dir/a")" -gt 60 ] || echo "README.md has too few commands and links" >>"$dir/report"
	diff "$dir/a" "$dir/b" | sed -nE -e "s/^< /$readme lacks: /p" -e "s/^> /$readme has what README.md has not: /p" >>"$dir/report"
done
report "README has the same commands, headings and links in each language"
exit $status
