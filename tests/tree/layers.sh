#!/bin/bash
# layers: which module may include which (doc/INTERNALS.md, "The house"); only ui may include
# curses, and the pure modules no headers of system calls.
cd "${SRCDIR:?}/../src" || exit 1

# allowed MODULE: the modules whose headers it may include besides its own
allowed() {
	case $1 in
	base) ;;
	event) echo base ;;
	model) echo base event ;;
	compare) echo base event model ;;
	kern) echo base event ;;
	symbol) echo base event ;;
	trace) echo base event kern symbol ;;
	live) echo base event model kern symbol trace ;;
	store) echo base event model ;;
	verdict) echo base event model ;;
	draw) echo base event model render ;;
	export) echo base event model compare verdict render draw ;;
	render) echo base event model compare ;;
	expect) echo base event model ;;
	lesson) echo base event model expect symbol ;;
	handout) echo base event model render draw expect lesson lecture ;;
	lecture) echo base event model render expect lesson ;;
	ui) echo base event model compare verdict render draw lecture lesson expect ;;
	cmd) echo base event model compare kern symbol trace live store export render draw ui expect lesson lecture handout verdict ;;
	*) echo "layers.sh does not know the module '$1': give it its layer here" >&2 ;;
	esac
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

for module in */; do
	module=${module%/}
	[ "$module" != .deps ] || continue
	may=" $module $(allowed "$module") "
	while IFS=: read -r file line header; do
		case $may in
		*" ${header%%/*} "*) ;;
		*) fail "src/$file:$line: $module may not include $header" ;;
		esac
		# protoc-c makes a header of a .proto
		[ -e "$header" ] || [ -e "${header%.pb-c.h}.proto" ] || fail "src/$file:$line: no such header: $header (write \"module/file.h\")"
	done < <(grep -rnE --include='*.[ch]' '^#[[:space:]]*include "' "$module" |
		sed -E 's/^([^:]*:[0-9]*):[^"]*"([^"]*)".*/\1:\2/')
	report "$module includes only what its layer may"
done

# Views are drawn without a terminal, also by tests: they include neither the rest of ui nor curses.
while read -r hit; do
	fail "src/$hit: ui/view includes base, event, model, compare, render and itself only"
done < <(grep -nE '^#[[:space:]]*include ("|<.*curses)' ui/view/*.[ch] |
	grep -vE '"(base|event|model|compare|verdict|render|ui/view)/')
report "ui/view includes only what its layer may"

while read -r hit; do
	fail "src/$hit: only ui includes curses"
done < <(grep -nE '<(n?curses|ncursesw/.*|term)\.h>' -- *.[ch] */*.[ch] */*/*.[ch] | grep -v '^ui/')
report "only ui includes curses"

while read -r hit; do
	fail "src/$hit: only draw includes cairo"
done < <(grep -nE '<(cairo|fontconfig/).*\.h>' -- *.[ch] */*.[ch] */*/*.[ch] | grep -v '^draw/')
report "only draw includes cairo"

while read -r hit; do
	fail "src/$hit: a pure module does not need it"
done < <(grep -nE "^#[[:space:]]*include <($impure)\.h>" {event,model,compare,render,expect,verdict,lecture}/*.[ch])
report "event, model, compare, render, expect, verdict and lecture include no system call's header"

# Where tabs differ, that is a member of struct view_ops.
while read -r hit; do
	fail "src/$hit: only a tab itself asks whether it is shown"
done < <(grep -nE '[!=]= *&(tab|overlay)_|&(tab)_[a-z]+ *[!=]=' ui/*.[ch] ui/view/*.[ch] |
	grep -vE '^ui/view/(tab|overlay)_|overlay\.ops [!=]= ')
report "nothing asks which tab is shown but the tab"

# Then each header is seen to stand alone.
for file in */*.c */*/*.c */*/*/*.c; do
	[ -e "${file%.c}.h" ] || continue
	first=$(sed -nE 's/^#[[:space:]]*include ["<]([^">]*)[">].*/\1/p' "$file" | head -n 1)
	[ "$first" = "${file%.c}.h" ] || fail "src/$file: includes $first first, not its own header"
done
report "a file includes its own header first"

exit "$status"
