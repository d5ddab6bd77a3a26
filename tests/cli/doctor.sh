#!/bin/bash
# doctor: fits its 80 columns, says the same in JSON, and tells the truth where that can be
# checked from here.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
export LC_ALL=C.UTF-8
failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

fail()
{
	echo "FAILED: $*"
	failed=1
}

# says STATUS NAME JSON: the status of a source of ourselves
says()
{
	tr -d '\n' <<<"$3" | grep -q "\"self\": {.*\"$2\": { *\"status\": \"$1\"" || fail "$2 is not $1: $3"
}

"$PAGESCAPE" doctor >"$out" || fail "status $?"
[ "$(wc -L <"$out")" -le 80 ] || fail 'wider than 80 columns'
grep -q '✓ maps ' "$out" || fail 'maps is not well'
"$PAGESCAPE" doctor --ascii >"$out" || fail "--ascii: status $?"
LC_ALL=C grep -n '[^ -~]' "$out" && fail '--ascii is not ASCII'
LC_ALL=C "$PAGESCAPE" doctor | LC_ALL=C grep -n '[^ -~]' && fail 'in the C locale it is not ASCII'

json=$("$PAGESCAPE" doctor --json) || fail "--json: status $?"
grep -q '"schema": "pagescape.doctor/1"' <<<"$json" || fail 'no schema'
grep -q "\"page_size\": $(getconf PAGESIZE)" <<<"$json" || fail 'another page size'
grep -q "\"user_id\": $(id -u)" <<<"$json" || fail 'another user'
says ok maps "$json"
says ok pagemap "$json"
says off pagemap "$("$PAGESCAPE" doctor --json --no-pagemap)"
sleep 1000 &
"$PAGESCAPE" doctor --json -p $! | grep -q '"process": {' || fail '-p'
kill $!

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	copy=$(mktemp)
	cp "$PAGESCAPE" "$copy" && chmod 755 "$copy"
	as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	json=$("${as_nobody[@]}" "$copy" doctor --json) || fail "nobody: status $?"
	says ok pagemap "$json"
	says denied frames "$json"
	grep -q '"capabilities": "none"' <<<"$json" || fail 'nobody has capabilities'
	"${as_nobody[@]}" "$copy" doctor -p 1 >"$out" || fail "nobody on process 1: status $?"
	sed -n '/process 1$/,$p' "$out" | grep -q '✗ maps ' || fail 'nobody sees the maps of process 1'
	grep -q 'sudo' "$out" || fail 'no word on what would help'
	rm -f "$copy"
fi
exit $failed
