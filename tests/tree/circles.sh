#!/bin/bash
# circles: no files of src include each other in a circle. A .c and its .h are one file
# here; tsort finds the circles.
cd "${SRCDIR:?}/../src" || exit 1

pairs() {
	grep -rE --include='*.[ch]' '^#[[:space:]]*include "' . |
		sed -nE 's/^\.\/([^:]*)\.[ch]:[^"]*"([^"]*)\.h".*/\2 \1/p' | sort -u
}

count=$(pairs | wc -l)
if [ "$count" -lt 100 ]; then
	echo "not ok - only $count includes were found: the test looks at the wrong place"
	exit 1
fi
loops=$(pairs | awk '$1 != $2' | tsort 2>&1 >/dev/null | sed 's/^tsort: //')
if [ -n "$loops" ]; then
	printf '%s\n' "$loops"
	echo "not ok - files include each other in a circle"
	exit 1
fi
echo "ok - no files include each other in a circle"
