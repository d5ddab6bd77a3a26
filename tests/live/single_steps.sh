#!/bin/bash
# Stops at lines without debug registers, by single steps: lessons claim the same and programs do the same, as
# the current user and as nobody; pagescape does this where the kernel refuses debug registers.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT
[ "$(uname -m)" = x86_64 ] || { echo "skipped: it is for x86-64"; exit 77; }
evidence=("$work/said")
export LC_ALL=C.UTF-8
unset LANGUAGE
lessons=$BUILDDIR/../data/lessons
target=$BUILDDIR/live/single_target

# lesson NAME [COMMAND...]: all that it claims holds
lesson() {
	local name=$1
	shift
	"$@" "$PAGESCAPE" lesson --check --allow-unknown --single-steps "$lessons/$name" >"$work/said" 2>&1 </dev/null &&
		grep -qE "^$name: [1-9][0-9]+ hold, 0 fail" "$work/said"
}

# text pages are not touched (eviction), threads (addresses), children (fork)
for name in eviction addresses fork; do
	lesson $name env
	result $? "$name by single steps"
done
if as_nobody true; then
	lesson eviction as_nobody
	result $? "eviction by single steps, as nobody"
else
	echo "ok - eviction by single steps, as nobody # SKIP we are not root, or nobody cannot enter $BUILDDIR"
fi

# check COMMAND...: signals, a child, a thread; and how it came to its mark
check() {
	local switches=$1
	shift
	"$@" "$PAGESCAPE" check "switches at mark counted $switches" 'handled at mark counted = 3' 'handled = 13' \
		'child_said = 7' 'by_thread = 1' 'exit = 0' "${single[@]}" -- "$target" >"$work/said" 2>&1 </dev/null
}
single=(--single-steps)
check '> 1000' env
result $? "a program with signals, a child and a thread, by single steps"
# comes ROLE EXPECTATION...: to its marks, though no fault on the way there can stop it
comes() {
	local role=$1
	shift
	"$PAGESCAPE" check "$@" 'exit = 0' "${single[@]}" -- "$BUILDDIR/live/far_target" "$role" >"$work/said" 2>&1 </dev/null
}
comes blocked 'variable count at mark far = 0'
result $? "a program that blocks the signals that would stop it, by single steps, and that is sent none"
comes handler 'variable count at mark far = 0'
result $? "one that does so while it handles a signal"
comes jump 'variable count at mark handler = 0' 'variable count at mark far = 1'
result $? "one that jumps to code that it must not run, and handles that"
single=()
if "$PAGESCAPE" doctor --json | tr -d '\n' | grep -q '"step_lines": { *"status": "ok"'; then
	check '< 1000' env
	result $? "the same by debug registers"
	refused=$BUILDDIR/live/no_debug_registers
	if "$refused" true; then
		check '> 1000' "$refused"
		result $? "the same where the kernel refuses them: by single steps"
		"$refused" "$PAGESCAPE" doctor --json 2>&1 | tr -d '\n' >"$work/said"
		grep -q '"step_lines": { *"status": "partial"' "$work/said"
		result $? "doctor says so"
	else
		echo "ok - where the kernel refuses them # SKIP system calls cannot be filtered here"
	fi
else
	echo "ok - by debug registers # SKIP this machine has none"
fi
exit $status
