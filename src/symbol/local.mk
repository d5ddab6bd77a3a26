libpagescape_a_SOURCES += \
	symbol/elf.c \
	symbol/elf.h
