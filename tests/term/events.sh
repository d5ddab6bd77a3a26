# Events, stacks, biographies and the profile of functions of a real program: live, and replayed.
. "$SRCDIR/term/term.sh"

if faults_refused "$work/out"; then
	echo "skipped: $(head -1 "$work/out")"
	exit 77
fi

program="$work/program"
ln -s "$BUILDDIR/live/faults" "$program"

# where the kernel has no page of zeroes for all, a read brings a page of its own, and no write replaces it
"$PAGESCAPE" faults --json -- "$program" "$work/expected" "$work/data" >"$work/faults" 2>/dev/null || fail "faults"
if grep -q '"cause": "zero-page"' "$work/faults"; then
	read=zero-page of_page=2 who=write.*touch_write cause="Written after it had only been read"
else
	read=zero-fill of_page=1 who=read.*touch_read cause="Touched for the first time"
fi

# What must be seen of it, watched or replayed; the keys are those of the grid.
look() {
	keys e
	see "TIME +THREAD KIND"
	see "minor (read |write|exec |-)"
	keys E
	see "events:"
	keys -l "func:touch_read cause:$read"
	keys Enter
	see "22 of "
	see "$read .*touch_read"
	unsee "touch_write"
	keys k Enter
	seen "anon .*rw-p"
	keys b
	see "$of_page of .*page 0x"
	see "$read .*touch_read"
	[ "$of_page" = 1 ] || see "zero-replaced .*touch_write"
	keys k
	keys x
	see "minor read fault .*$read"
	see "#0 +touch_read"
	keys x
	see "$of_page of .*page 0x"
	keys b
	see "22 of "
	keys 1
	see "WHO .*minor $who"
	see "CAUSE .*$cause"
	keys h
	see "PAGES +FAULTS +MAJOR"
	see " 1[0-9][0-9] +1[0-9][0-9] +0 .*touch_write"
	keys Enter
	see "of .*func:=\"touch_write\""
	unsee "touch_read"
	keys v
	rows=$(screen | grep -c "minor .*touch_write")
	[ "$rows" -gt 15 ] || until_ok eval '[ "$(screen | grep -c "minor .*touch_write")" -gt 15 ]' || fail "no tall panel"
	keys v
	keys Escape
	see "TIME .*FUNCTION +[0-9.]+k?$"
}

run 120 36 "$PAGESCAPE" -o "$work/session" -- "$program" "$work/expected" "$work/data"
see "ended with status 0"
look
keys q
ended 0
echo "ok: live"

run 120 36 "$PAGESCAPE" replay "$work/session"
see "ended with status 0"
look
keys q
ended 0
echo "ok: replayed"

run 80 24 "$PAGESCAPE" -- "$program" "$work/expected" "$work/data"
see "ended with status 0"
keys e
see "TIME +THREAD KIND +BY +CAUSE +REGION +FUNCTION"
keys v
taken
see "minor .*zero-fill .*touch_write"
keys q
ended 0
echo "ok: small"

# a name of a function that would turn the direction of writing, and move and colour: on the screen it is readable
LC_ALL=C sed 's/touch_write/t\xe2\x80\xaex\xc2\x9b\x1b[1m/g' "$BUILDDIR/live/faults" >"$work/badly_named"
chmod +x "$work/badly_named"
hostile='t\\u202ex\\x9b\\x1b\[1m'
run 120 36 "$PAGESCAPE" -- "$work/badly_named" "$work/expected" "$work/data"
see "ended with status 0"
keys h
see "  $hostile  badly_named"
keys Enter
see "minor .*zero-fill .*$hostile"
keys x
see "#0 +$hostile"
keys 8
see "by $hostile"
keys q
ended 0
echo "ok: a hostile name"
