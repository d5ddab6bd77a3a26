libpagescape_a_SOURCES += \
	symbol/elf.h
