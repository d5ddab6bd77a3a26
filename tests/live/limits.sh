#!/bin/bash
# Limits are named: too few descriptors are not a missing process or a missing right, and
# memory that may not be locked is not blamed on perf_event_paranoid.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
members=()
trap 'kill $target "${members[@]}" 2>/dev/null; finish' EXIT

sleep 600 &
target=$!

# sources: the lines of a snapshot about its sources
sources() {
	grep -o '"sources": {[^}]*}' "$1" | tr ',' '\n' | grep -v '"ok"'
}

look() {
	"$PAGESCAPE" snapshot --json -p $target >"$work/all" || exit 99
	sources "$work/all" >"$work/all.sources"
}
look

# with_descriptors N: whether a snapshot is complete, or says that descriptors are missing
with_descriptors() {
	: >"$work/wrong"
	if (ulimit -n "$1" && exec "$PAGESCAPE" snapshot --json -p $target) >"$work/out" 2>"$work/err"; then
		sources "$work/out" | grep -vxFf "$work/all.sources" | grep -v 'ulimit -n' >"$work/wrong"
		[ ! -s "$work/wrong" ] || return 1
		grep -q 'ulimit -n' "$work/out" || cmp -s <(totals "$work/out") <(totals "$work/all")
	else
		grep -q 'ulimit -n' "$work/err"
	fi
}
totals() {
	grep -o '"totals": {[^}]*}' "$1" | grep -oE '"(pages|reserved|cached|file|copy|anon)": [0-9]+'
}
# doctor_with N: whether it says that descriptors are missing, and advises nothing else than it does with enough of them
doctor_with() {
	if (ulimit -n "$1" && exec "$PAGESCAPE" doctor --json) >"$work/out" 2>"$work/err"; then
		grep -o '"remedy": .*' "$work/out" | grep -vxFf "$work/remedies" >"$work/wrong"
		[ ! -s "$work/wrong" ]
	else
		grep -q 'ulimit -n' "$work/err"
	fi
}

# files come into the page cache meanwhile, and leave it
complete_or_said() {
	for try in {1..20}; do
		with_descriptors "$1" && return
		[ "$try" = 20 ] || look
	done
	return 1
}
for n in {5..30}; do
	complete_or_said "$n" || break
done
[ "$n" = 30 ] && complete_or_said 30
result $? "few descriptors: a snapshot is complete, or says so"

# a lesson ends soon, too, and not because its program runs off: without descriptors for stops at faults it does not go
# there by single instructions
for n in {16..30}; do
	(ulimit -n "$n" && exec timeout 60 "$PAGESCAPE" lesson --check --single-steps fault) >"$work/out" 2>&1 </dev/null
	[ $? -ne 124 ] && grep -qE 'ulimit -n|cannot be checked|needs' "$work/out" || break
done
[ "$n" = 30 ]
result $? "few descriptors: a lesson ends, and says so ($n)"
[ $status = 0 ] || { echo "# with $n:" && sed 's/^/# /' "$work/err" "$work/wrong"; }

"$PAGESCAPE" doctor --json | grep -o '"remedy": .*' >"$work/remedies"
echo none >>"$work/remedies"
for n in {5..50..3} 60 80; do
	doctor_with "$n" || break
done
[ "$n" = 80 ] && doctor_with 80
result $? "few descriptors: doctor says so, and advises nothing else"
[ $status = 0 ] || { echo "# with $n:" && sed 's/^/# /' "$work/err" "$work/wrong"; }

# every other command: it does what it does with enough of them, or says one line about them, with status 1
"$PAGESCAPE" record -o "$work/session" true
# says N COMMAND...
says() {
	local n=$1 code
	shift
	(ulimit -n "$n" && exec timeout 60 "$PAGESCAPE" "$@") >"$work/out" 2>"$work/err" </dev/null
	code=$?
	[ $code = 0 ] && ! grep -qiE 'no process|has ended|run as root|no such' "$work/err" && return
	[ $code = 1 ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -q 'ulimit -n' "$work/err" && return
	echo "# $n descriptors, status $code: $*" && return 1
}
each() {
	local n wrong=0
	for n in {4..20..2} 9 15 17; do
		says "$n" "$@" || wrong=1
	done
	return $wrong
}
wrong=0
each record --force -o "$work/new" true || wrong=1
each record --force -o "$work/new" --for 0.1 -p $target || wrong=1
each faults --summary true || wrong=1
each check 'resident > 0' -- true || wrong=1
each check 'resident > 0' -p $target || wrong=1
each check 'resident > 0' "$work/session" || wrong=1
each why true || wrong=1
each why "$work/session" || wrong=1
each diff pid:$target pid:$target || wrong=1
each diff "$work/session" pid:$target || wrong=1
each export sqlite "$work/session" || wrong=1
each export csv "$work/session" || wrong=1
result $wrong "few descriptors: every other command does what it is to do, or says so"

# The rings of one user share the memory that may be locked: of many watches some get none.
if ! as_nobody true || as_nobody "$PAGESCAPE" faults true 2>&1 >/dev/null | grep -q 'cannot be seen here'; then
	echo "ok - memory locked # SKIP takes root, and faults that nobody can see"
	exit $status
fi
for i in {1..10}; do
	(ulimit -l 0 && cd "$work/nobody" && exec setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$PAGESCAPE" faults --summary sleep 600) >/dev/null 2>"$work/locked.$i" </dev/null &
	members+=($!)
done
refused() {
	[ -n "$(find "$work" -maxdepth 1 -name 'locked.*' -size +0)" ]
}
if ! until_ok refused; then
	echo "ok - memory locked # SKIP ten watches have what they need"
	exit $status
fi
cat "$work"/locked.* >"$work/locked"
grep -q 'ulimit -l' "$work/locked" && ! grep -qE 'perf_event_paranoid|has ended' "$work/locked"
result $? "memory locked: the message says so"
[ $status = 0 ] || sed 's/^/# /' "$work/locked"
exit $status
