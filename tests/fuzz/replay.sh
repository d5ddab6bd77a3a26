#!/bin/bash
# Replays the corpus of each harness: it must not crash, and its assertions must hold.
set -u
status=0
for corpus in "$SRCDIR"/fuzz/corpus/*/; do
	name=$(basename "$corpus")
	if said=$("$BUILDDIR/fuzz/fuzz_$name" "$corpus" 2>&1); then
		echo "ok - $name: $said"
	else
		echo "not ok - $name: $said"
		status=1
	fi
done
exit $status
