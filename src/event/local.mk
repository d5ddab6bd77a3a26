libpagescape_a_SOURCES += \
	event/call.c \
	event/call.h \
	event/event.c \
	event/event.h \
	event/page.c \
	event/page.h \
	event/region.c \
	event/region.h \
	event/runs.c \
	event/runs.h \
	event/runs_chunk.c \
	event/runs_chunk.h \
	event/sink.c \
	event/sink.h \
	event/source.h
