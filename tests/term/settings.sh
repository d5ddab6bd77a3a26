# Settings and rebound keys, on the screen.
. "$SRCDIR/term/term.sh"
start_target

mkdir -p "$work/config/pagescape"
cat >"$work/config/pagescape/config" <<'END'
do = goto stack
key F5 = goto heap
key Z = zoom-out
key - = nothing
key F6 = tab bytes
key Q = quit
key q = nothing
END
run 120 36 env XDG_CONFIG_HOME="$work/config" "$PAGESCAPE" -p "$target"
see "PAGE .*\[stack\]"
see "F6 bytes?"
see "Q quit"
keys F5
see "PAGE .*\[heap\]"
keys Z
see "2 pages/cell"
keys -l -- -
keys F6
see "0x010"
keys F1
see "Your own keys"
see "F5 +goto heap"
see " Z .*zoom in, out|zoom in, out"
keys Q
unsee "Your own keys"
keys q
keys Q
ended 0

# the command line overrides the settings
run 120 36 env XDG_CONFIG_HOME="$work/config" "$PAGESCAPE" --do "'goto heap'" -p "$target"
see "PAGE .*\[heap\]"
keys Q
ended 0
run 120 36 env XDG_CONFIG_HOME="$work/config" "$PAGESCAPE" --no-config -p "$target"
see "F1 help"
see "q quit"
keys q
ended 0
echo "ok: settings"
