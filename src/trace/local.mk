libpagescape_a_SOURCES += \
	trace/codestop.c \
	trace/codestop.h \
	trace/fatal.c \
	trace/fatal.h \
	trace/launch.c \
	trace/launch.h \
	trace/pty.c \
	trace/pty.h \
	trace/singlestep.c \
	trace/singlestep.h \
	trace/step.c \
	trace/step.h \
	trace/stopped_stacks.c \
	trace/stopped_stacks.h \
	trace/tracees.c \
	trace/tracees.h \
	trace/tracer.c \
	trace/tracer.h
