#!/bin/bash
# layers: which room may include which, as the table in doc/INTERNALS.md, "The house", has it; only ui may
# include curses, and the pure modules no headers of system calls.
cd "${SRCDIR:?}/../src" || exit 1

# The table of INTERNALS: "| room, room | room, room; a remark |" -> may[room]=" room room "
declare -A may
while IFS='|' read -r _ rooms allowed _; do
	allowed=${allowed%%;*}
	for room in ${rooms//,/ }; do
		may[$room]=" ${allowed//,/ } "
	done
done < <(sed -n '/^| room | may include/,/^$/p' ../doc/INTERNALS.md | sed 1,2d)

# room_of FILE: its own row, or the innermost folder that has one
room_of() {
	room=$1
	while [ -z "${may[$room]}" ] && [ "$room" != "${room%/*}" ]; do
		room=${room%/*}
	done
	[ -n "${may[$room]}" ]
}

# System headers that a pure module does not need (poll.h and signal.h are allowed for what
# they declare: a source's fds, names of signals).
impure='unistd|fcntl|pthread|dirent|termios|spawn|sched|curses|ncurses|time|sys/[a-z]+|linux/[a-z_]+'

bad=0
fail() {
	echo "$1"
	bad=1
}
report() {
	if [ "$bad" -eq 0 ]; then echo "ok - $1"; else echo "not ok - $1"; fi
	status=$((status | bad))
	bad=0
}
status=0

while IFS=: read -r file line header; do
	# protoc-c makes a header of a .proto
	[ -e "$header" ] || [ -e "${header%.pb-c.h}.proto" ] || fail "src/$file:$line: no such header: $header (write \"module/file.h\")"
	room_of "$header" || fail "src/$file:$line: the table in doc/INTERNALS.md has no room for $header"
	theirs=$room
	room_of "$file" || fail "src/$file: the table in doc/INTERNALS.md has no room for it"
	ours=$room
	allowed=${may[$ours]}
	if [ "$ours" = "$file" ] && room_of "${file%/*}"; then
		allowed+="$room ${may[$room]}"
	fi
	case " $ours $allowed " in
	*" $theirs "* | *" everything "*) ;;
	*) fail "src/$file:$line: $ours may not include $header" ;;
	esac
done < <(grep -rnE --include='*.[ch]' '^#[[:space:]]*include "' -- * |
	sed -E 's/^([^:]*:[0-9]*):[^"]*"([^"]*)".*/\1:\2/')
report "each room includes only what the table in doc/INTERNALS.md says"

rooms=$(find . -mindepth 1 -maxdepth 1 -type d -printf '|%f')
while read -r hit; do
	fail "src/$hit: a file of src is included in quotes, so that it is seen here"
done < <(grep -rnE --include='*.[ch]' "^#[[:space:]]*include <(${rooms#|})/" -- * | grep -v '<sys/')
report "no file of src is included in angle brackets"

while read -r hit; do
	fail "src/$hit: only ui includes curses"
done < <(grep -nE '<(n?curses|ncursesw/.*|term|panel|menu|form)\.h>' -- *.[ch] */*.[ch] */*/*.[ch] | grep -v '^ui/')
report "only ui includes curses"

while read -r hit; do
	fail "src/$hit: only draw includes cairo"
done < <(grep -nE '<(cairo|fontconfig/).*\.h>' -- *.[ch] */*.[ch] */*/*.[ch] | grep -v '^draw/')
report "only draw includes cairo"

while read -r hit; do
	fail "src/$hit: a pure module does not need it"
done < <(grep -nE "^#[[:space:]]*include <($impure)\.h>" {event,model,compare,render,expect,verdict,lecture}/*.[ch])
report "event, model, compare, render, expect, verdict and lecture include no system call's header"

# What a header of C's own declares asks the system, too.
calls='f?open|openat|fdopen|fgets|fread|p?read|p?write|getenv|setenv|ioctl|access|readlink|clock_gettime|gettimeofday|time|getpid|kill|sysconf|system|popen|mmap|syscall|rand'
while read -r hit; do
	fail "src/$hit: a pure module asks the system nothing"
done < <(grep -nE "(^|[^a-zA-Z_\">.])($calls)\(([^)]|$)" {event,model,compare,render,expect,verdict,lecture}/*.[ch] | grep -vE ':[0-9]+:[[:space:]]*(/\*|\*|//)')
while read -r hit; do
	fail "src/$hit: a pure module keeps nothing that changes"
done < <(grep -nE '^[[:space:]]*static [^(]*(;|=)' {event,model,compare,render,expect,verdict,lecture}/*.[ch] | grep -vE 'static (inline )?const |\*const ')
report "event, model, compare, render, expect, verdict and lecture ask the system nothing and keep nothing"

# Each process may follow the links of its own files.
while read -r hit; do
	fail "src/$hit: only kern reads what the kernel shows in /proc and /sys"
done < <(grep -rnE --include='*.[ch]' '"/(proc|sys)["/]' -- * | grep -vE '^kern/|"/proc/self/(fd/(%d)?|exe)"')
report "only kern reads /proc and /sys"

# Where exports and subcommands differ, that is a member of their rows.
names=$(sed -nE 's/^[[:space:]]*\.name = "([a-z0-9-]+)".*/\1/p' export/*.c cmd/*.c | sort -u)
[ "$(wc -l <<<"$names")" -gt 20 ] || fail "src/export, src/cmd: no rows with names found"
while read -r hit; do
	fail "src/$hit: only its own row says which export or subcommand is meant"
done < <(grep -rnE --include='*.[ch]' "(==|cmp\(|text_(is|equal|equals)\().*\"(${names//$'\n'/|})\"" -- cmd export ui)
report "no code asks for the name of an export or a subcommand"

# Where tabs differ, that is a member of struct view_ops; where something has to be done with one of them, its
# own file does it. Only the table of tabs and the tabs' own files (overlays': likewise) say which one is meant,
# and no flag has the name of a tab.
tabs=$(sed -nE 's/^[[:space:]]*X\(([a-z]+)\).*/\1/p' ui/view/views.c)
[ -n "$tabs" ] || fail "src/ui/view/views.c: no tabs found"
while read -r hit; do
	fail "src/$hit: only a tab's own file and the table of tabs mean this tab"
done < <(grep -rnE --include='*.[ch]' "&tab_|\btab_(${tabs//$'\n'/|})\b[^.\"]" -- * |
	grep -vE "^ui/view/tab_[a-z_]+\.c:|^ui/view/views\.c:|#(ifndef|define|include)")
while read -r hit; do
	fail "src/$hit: a flag says what a tab does, not which it is"
done < <(tabs=${tabs^^} && grep -rnE --include='*.[ch]' "\bTAB_(${tabs//$'\n'/|})\b" -- *)
while read -r hit; do
	fail "src/$hit: only an overlay itself, and the command that opens it, ask whether it is shown"
done < <(grep -nE '[!=]= *&overlay_' ui/*.[ch] ui/view/*.[ch] |
	grep -vE '^ui/view/overlay_|^ui/command_[a-z]+\.c:')
while read -r hit; do
	fail "src/$hit: a tab is asked for by its ops, in its own file; its name is the user's word for it"
done < <(grep -rnE --include='*.[ch]' '(tabs_named|press_tab)\([^;]*"' -- *)
report "nothing asks which tab is shown but the tab"

# Where views of a picture differ, that is a member of struct export_view_traits.
while read -r hit; do
	fail "src/$hit: the traits of a view say what it does; only its rows say which it is"
done < <(grep -rnE --include='*.[ch]' '\bEXPORT_VIEW_[A-Z]+\b' -- * |
	grep -vE '^export/export_picture\.[ch]:|^export/drawn\.c:')
while read -r hit; do
	fail "src/$hit: the traits of a view say what it does, not which it is"
done < <(grep -rnE --include='*.[ch]' '(traits|view)->name *[!=]=|str(case)?cmp\((view|traits)->name|export_view_traits\(EXPORT_' -- *)
report "nothing asks which view of a picture it is"

# Then each header is seen to stand alone.
for file in */*.c */*/*.c */*/*/*.c; do
	[ -e "${file%.c}.h" ] || continue
	first=$(sed -nE 's/^#[[:space:]]*include ["<]([^">]*)[">].*/\1/p' "$file" | head -n 1)
	[ "$first" = "${file%.c}.h" ] || fail "src/$file: includes $first first, not its own header"
done
report "a file includes its own header first"

exit "$status"
