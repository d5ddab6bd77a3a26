#!/bin/bash
# The settings file: where it is looked for, what it sets, what overrides it, and each mistake with
# its file and line.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"

export XDG_CONFIG_HOME=$dir/config HOME=$dir/home
mkdir -p "$XDG_CONFIG_HOME/pagescape" "$HOME/.config/pagescape"
file=$XDG_CONFIG_HOME/pagescape/config

# wrong PATTERN: the settings on standard input are refused
wrong()
{
	cat >"$file"
	"$PAGESCAPE" snapshot -p $$ >"$dir/out" 2>"$dir/err"
	[ $? -eq 2 ] && [ ! -s "$dir/out" ] && grep -qF "pagescape: $file:$1" "$dir/err" ||
		fail "$(cat "$file"): $(cat "$dir/err"), expected $1"
}

# fine: the settings on standard input are taken
fine()
{
	cat >"$file"
	"$PAGESCAPE" snapshot -p $$ >"$dir/out" 2>"$dir/err" && grep -q RSS "$dir/out" || fail "$(cat "$file"): $(cat "$dir/err")"
}

wrong '1: no such setting: them' <<<'them = dark'
wrong '3: no such theme: purple' <<<$'# mine\n\ntheme = purple'
wrong '2: --interval takes 10 to 60000 milliseconds, not: 5' <<<$'theme = light\ninterval = 5'
wrong '1: a setting is written as NAME = VALUE, not: theme light' <<<'theme light'
wrong '1: follow-forks is yes or no, not: maybe' <<<'follow-forks = maybe'
wrong '1: no such command: frobnicate' <<<'do = zoom-in; frobnicate'
wrong '1: no such command: frobnicate' <<<'key F5 = frobnicate'
wrong '1: no such key: F99' <<<'key F99 = quit'
wrong '1: ^C always quits' <<<'key ^C = help'
wrong '1: to bind a key, write: key KEY = COMMANDS' <<<'key F5 quit'
wrong '1: the key F5 needs a command' <<<'key F5 ='
wrong '1: no such setting: pid' <<<'pid = 1'
fine <<<$'theme = contrast\ninterval = 100\nascii = yes\nno-mouse = no\ndo = follow\nown = /usr/src\nfollow-forks = no\n\tkey F5 = goto heap\nkey = = zoom-in\nkey q = nothing\nkey é = quit\r\n#'
fine </dev/null

head -c 70000 /dev/zero | tr '\0' '#' >"$file"
"$PAGESCAPE" snapshot -p $$ >/dev/null 2>"$dir/err" && fail 'too long a file is taken'
grep -q 'too long for a settings file' "$dir/err" || fail "$(cat "$dir/err")"
printf 'theme = dark\0' >"$file"
"$PAGESCAPE" snapshot -p $$ >/dev/null 2>"$dir/err" && fail 'a zero byte is taken'
rm "$file"
mkdir "$file"
"$PAGESCAPE" snapshot -p $$ >/dev/null 2>"$dir/err" && fail 'a directory is taken'
grep -q "cannot read $file: Is a directory" "$dir/err" || fail "$(cat "$dir/err")"
rmdir "$file"

# what still works with a wrong file
echo 'them = dark' >"$file"
"$PAGESCAPE" --no-config snapshot -p $$ >"$dir/out" 2>&1 || fail "--no-config: $(cat "$dir/out")"
"$PAGESCAPE" snapshot --no-config -p $$ >"$dir/out" 2>&1 || fail "--no-config behind: $(cat "$dir/out")"
"$PAGESCAPE" --help | grep -q -e --no-config || fail '--help'
"$PAGESCAPE" --version >/dev/null || fail '--version'
# a mistake is one even if the command line overrides it
echo 'theme = purple' >"$file"
"$PAGESCAPE" --theme light true >/dev/null 2>&1 && fail 'a wrong theme is overlooked'

# the place without XDG_CONFIG_HOME, and no place at all
unset XDG_CONFIG_HOME
echo 'them = dark' >"$HOME/.config/pagescape/config"
"$PAGESCAPE" snapshot -p $$ 2>&1 | grep -qF "$HOME/.config/pagescape/config:1: no such setting" || fail 'the settings in HOME'
HOME='' "$PAGESCAPE" snapshot -p $$ >/dev/null || fail 'without HOME'

# another user's home, as su leaves it, cannot be read and does not matter
if [ "$(id -u)" = 0 ] && chmod 700 "$HOME" && chmod 755 "$dir" &&
	setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$PAGESCAPE" 2>/dev/null; then
	setpriv --reuid=65534 --regid=65534 --clear-groups "$PAGESCAPE" snapshot -p 1 2>"$dir/err" >"$dir/out"
	grep -q 'config' "$dir/err" && fail "another's home: $(cat "$dir/err")"
fi

# --do is for a screen; that in the settings was not asked for, and does not matter without one
rm "$HOME/.config/pagescape/config"
"$PAGESCAPE" --do follow true >"$dir/out" 2>"$dir/err" </dev/null
[ $? -eq 2 ] && [ ! -s "$dir/out" ] && grep -q 'standard output is not a terminal' "$dir/err" || fail "--do: $(cat "$dir/err")"
"$PAGESCAPE" --do frobnicate touch "$dir/started" >/dev/null 2>"$dir/err" </dev/null
[ $? -eq 2 ] && grep -q 'no such command: frobnicate' "$dir/err" && [ ! -e "$dir/started" ] || fail "--do frobnicate: $(cat "$dir/err")"
echo 'do = follow' >"$HOME/.config/pagescape/config"
"$PAGESCAPE" true >"$dir/out" 2>&1 </dev/null || fail "do of the settings: $(cat "$dir/out")"
exit "$failed"
