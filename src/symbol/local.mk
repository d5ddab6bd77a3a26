libpagescape_a_SOURCES += \
	symbol/elf.c \
	symbol/elf.h \
	symbol/unwind.h \
	symbol/unwind_frames.c \
	symbol/unwind_frames.h \
	symbol/unwind_libunwind.c \
	symbol/unwind_memo.c \
	symbol/unwind_memo.h \
	symbol/unwind_tables.c \
	symbol/unwind_tables.h
