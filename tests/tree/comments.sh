#!/bin/bash
# comments: a name of ours in a comment is one that there is: NAME_..., where a file is called name, and the path of a file
# in a room. What was renamed is renamed in comments, too.
# shellcheck source=tests/common.sh
. "${SRCDIR:?}/common.sh"
cd "$SRCDIR/../src" || exit 1

# not ours, though a file has the name they begin with
others='^(call_file|call_line|syscall_32)$'

# words code|comment FILE...: a line each, FILE:LINE WORD
words() {
	local of=$1
	shift
	awk -v of="$of" '
	function say(text, word) {
		while (match(text, /[A-Za-z_][A-Za-z0-9_]*(\/[a-z0-9_]+)*(\.[ch])?/)) {
			print FILENAME ":" FNR, substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
		}
	}
	FNR == 1 { inside = 0 }
	{
		rest = $0
		while (rest != "") {
			at = index(rest, inside ? "*/" : "/*")
			part = at ? substr(rest, 1, at - 1) : rest
			if ((of == "comment") == inside)
				say(part)
			if (!at)
				break
			rest = substr(rest, at + 2)
			inside = !inside
		}
	}' "$@"
}

mapfile -t files < <(find . -name '*.[ch]')
# what is wrong in the comments of FILE...
gone() {
	{
		printf '%s\n' "${files[@]}" | sed -E 's#^\./##; s#^(.*)$#path \1#'
		words code "${files[@]}" "$SRCDIR"/*/*.[ch] | sed 's/^[^ ]*/code/'
		words comment "$@"
	} | awk -v others="$others" '
	$1 == "path" { path[$2] = 1; room = $2; sub(/\/.*/, "", room); rooms[room] = 1; stem = $2; sub(/.*\//, "", stem); sub(/\..*/, "", stem); stems[stem] = 1; next }
	$1 == "code" { code[$2] = 1; next }
	$2 ~ /\// { room = $2; sub(/\/.*/, "", room); if ($2 ~ /\.[ch]$/ && room in rooms && !($2 in path)) print; next }
	$2 ~ /^[a-z]+_[a-z0-9_]*[a-z0-9]$/ && !($2 in code) && $2 !~ others {
		stem = $2
		while (sub(/_[^_]*$/, "", stem))
			if (stem in stems) {
				print
				break
			}
	}'
}

none "what comments name is there" < <(gone "${files[@]}")
try=$(mktemp --suffix=.c) || exit 99
trap 'rm -f "$try"' EXIT
printf '/* To be filled by track_update, see\n * store/tracks.h and track_refresh. */\nint x;\n' >"$try"
[ "$(gone "$try")" = "$try:1 track_update
$try:2 store/tracks.h" ]
result $? "a function and a file that are no more are noticed"
exit "$status"
