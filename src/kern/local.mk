libpagescape_a_SOURCES += \
	kern/processes.h \
	kern/reader.h
