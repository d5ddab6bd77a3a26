libpagescape_a_SOURCES += \
	target/live.h
