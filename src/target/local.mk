libpagescape_a_SOURCES += \
	target/control.c \
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
	target/status.c \
	target/tracees.c \
	target/tracees.h \
	target/tracer.c \
	target/tracer.h
