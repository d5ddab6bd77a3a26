libpagescape_a_SOURCES += \
	target/launch.c \
	target/launch.h \
	target/live.h \
	target/pty.c \
	target/pty.h \
	target/tracees.c \
	target/tracees.h \
	target/tracer.c \
	target/tracer.h
