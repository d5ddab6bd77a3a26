libpagescape_a_SOURCES += \
	event/event.c \
	event/event.h \
	event/source.h \
	event/tee.c \
	event/tee.h
