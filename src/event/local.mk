libpagescape_a_SOURCES += \
	event/event.h \
	event/source.h
