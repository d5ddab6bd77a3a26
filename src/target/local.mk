libpagescape_a_SOURCES += \
	target/control.c \
	target/fault_stacks.c \
	target/fault_stacks.h \
	target/hot.c \
	target/hot.h \
	target/launch.c \
	target/launch.h \
	target/live.c \
	target/live_faults.c \
	target/live_faults.h \
	target/live.h \
	target/live_state.h \
	target/locate.c \
	target/locate.h \
	target/look.c \
	target/look.h \
	target/pty.c \
	target/pty.h \
	target/seen.c \
	target/seen.h \
	target/status.c \
	target/touches.c \
	target/touches.h \
	target/tracees.c \
	target/tracees.h \
	target/tracer.c \
	target/tracer.h
