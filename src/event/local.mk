libpagescape_a_SOURCES += \
	event/call.c \
	event/call.h \
	event/detail.c \
	event/detail.h \
	event/event.c \
	event/event.h \
	event/figures.c \
	event/figures.h \
	event/page.c \
	event/page.h \
	event/process_info.h \
	event/region.c \
	event/region.h \
	event/runs.c \
	event/runs.h \
	event/sink.c \
	event/sink.h \
	event/source.h \
	event/source_kind.c \
	event/source_kind.h
