#!/bin/bash
# Small sessions that claim much (cli/make_claims.c): every command ends soon, needs little memory,
# and prints in one line where it stopped reading. CLAIMS=all tries all kinds, which takes minutes.
set -u
: "${PAGESCAPE:?make check sets it}" "${SRCDIR:?}" "${BUILDDIR:?}"
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
nm "$PAGESCAPE" 2>/dev/null | grep -q __asan_init && { echo "skipped: a sanitizer uses memory of its own"; exit 77; }
# shellcheck source=tests/cli/common.sh
. "$SRCDIR/cli/common.sh"

# Processor time, with room: an unoptimised build takes five times as long as a release.
cat >"$dir/measure.py" <<'PY'
import os, subprocess, sys

MIB, SECONDS = 256, 20
command = sys.argv[1:]
with open(os.devnull, "w") as nothing:
    process = subprocess.Popen(command, stdout=nothing, stderr=subprocess.PIPE)
    err = process.stderr.read().decode(errors="replace")
    _, status, used = os.wait4(process.pid, 0)
what = " ".join(command[1:])
if used.ru_maxrss // 1024 > MIB:
    print("FAILED: %s: %d MiB" % (what, used.ru_maxrss // 1024))
if used.ru_utime + used.ru_stime > SECONDS:
    print("FAILED: %s: %.1f s" % (what, used.ru_utime + used.ru_stime))
if not os.WIFEXITED(status) or os.WEXITSTATUS(status) > 1:
    print("FAILED: %s: status %d" % (what, status))
if err.count("\n") > 1 or (err and "claims more than" not in err):
    print("FAILED: %s: %s" % (what, err))
print("said" if err else "silent")
PY

measure() # measure ARG...
{
	python3 "$dir/measure.py" "$PAGESCAPE" "$@" >"$dir/measured"
	grep '^FAILED' "$dir/measured" && failed=1
	grep -q said "$dir/measured" && said=yes
}

kinds='runs paths processes output empty'
[ "${CLAIMS:-}" = all ] && kinds=$("$BUILDDIR/cli/make_claims")
for kind in $kinds; do
	"$BUILDDIR/cli/make_claims" "$kind" "$dir/$kind" || fail "make_claims $kind"
	said=
	measure snapshot --json --pages "$dir/$kind"
	measure replay "$dir/$kind"
	measure diff "$dir/$kind" "$SRCDIR/session/v1.pgs"
	measure export sqlite "$dir/$kind" -o "$dir/db" --force
	[ "$said" ] || fail "$kind: no command says that it claims too much"
	rm -f "$dir/$kind" "$dir/db"
done
exit "$failed"
