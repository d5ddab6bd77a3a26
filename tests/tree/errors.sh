#!/bin/bash
# errors: one kind of error report, struct err (src/base/err.h). No function reports by errno or by a text that it
# hands out, except where no err can be filled: between fork and exec, and in a signal handler.
# shellcheck source=tests/common.sh
. "${SRCDIR:?}/common.sh"
cd "$SRCDIR/../src" || exit 1

# who may leave or set errno: the child before exec, what it calls, and a handler that restores it
allowed='^(trace/launch\.c|trace/pty\.[ch]|ui/signals\.c|base/err\.h):'

sources() { grep -rnE --include='*.[ch]' "$1" -- * | grep -vE "$allowed"; }

# errno = 0 goes before strtol, which reports in no other way
none "nobody sets errno for a caller" < <(sources '\berrno = [^0]')
none "no function leaves errno to its caller" < <(
	sources '(-1|NULL|false)[^.]* (with|and) errno|errno (says|has) |return -?errno;|return [^;(]*[?:] *-?errno\b'
)
none "no error comes by a number or a text of its own" < <(
	reason='(why|reason|error|message|msg|refusal)[a-z_]*\b'
	sources "[(,] *int \*(err|errno|errnum|error)[a-z_]*\b|[(,] *(const )?char \*\*$reason|[(,] *(char \*?|struct strbuf \*)$reason"
)
none "what is switched off has one code, ERR_OFF, and one text" < <(grep -rnF --include='*.[ch]' '"switched off"' -- * | grep -v '^base/err\.c:')
# its code says whether there is an error: the text is for people
text='\b([a-z_]*err|failure|cause|missing)(\.|->)text\b'
none "whether there is an error is not asked of its text" < <(
	grep -rnE --include='*.[ch]' "(!|\*)([a-z_]+(\.|->))*$text|$text(\[0\])? *(\?|&&|\|\||==|!=)" -- *
)
none "a struct err is named err, X_err or what went wrong: why is a text, or one of an enum" < <(
	grep -rnE --include='*.[ch]' 'struct err \*?([a-z_]*_)?why\b' -- *
)
# so does a flag whether there is a reason: of a source known, ok and partial, of a figure of a page refused, of a value
# that it is exact. What is one of an enum has a value for "none"; what is said of a fault or a finding may be nothing.
why='\b([a-z_]*_)?why(\[[a-z]+\])?'
none "whether there is a reason is not asked of its text" < <(
	grep -rnE --include='*.[ch]' "($why) *(\?|&&|\|\||== NULL|!= NULL)|\!([a-z_]+(->|\.))*($why)\b[^(]|(\(|&& |\|\| )\*([a-z_]+(->|\.))*($why)\b|if \(([a-z_]+(->|\.))*($why)\)" -- * |
		grep -vE '^(store/codec_bits|lecture/[a-z]+|ui/lecture/[a-z_]+|lesson/lesson)\.c:|\b(fault|finding)->why\b|== g->why' |
		grep -v '^store/codec_process\.c:.*partial = ' # files from before there was the flag
)
none "no decision is made by what a reason says" < <(
	reason="\b(([a-z_]*err|failure|cause|missing)(\.|->)text|([a-z_]*_)?why|reason|refusal)\b"
	grep -rnE --include='*.[ch]' "(str(n|case|ncase)?cmp|strstr)\([^;]*($reason, *\"|\"[^;]*, ([a-z_]+(\.|->))*$reason\))|$reason\[0\]|if \(reason\)|strlen\(([a-z_]+(\.|->))*$reason\) *[<>=!]" -- *
)
# and a function whose text means that something is not so fails with an err instead
none "no function answers by whether it returns a reason" < <(
	grep -rnE --include='*.h' 'const char \*[a-z_]*(missing|refusal|lacking|error)\(' -- *
)
exit "$status"
