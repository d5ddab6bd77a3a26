libpagescape_a_SOURCES += \
	symbol/code_file.c \
	symbol/code_file.h \
	symbol/debug_file.c \
	symbol/debug_file.h \
	symbol/debug_info.c \
	symbol/debug_info.h \
	symbol/debug_sections.c \
	symbol/debug_sections.h \
	symbol/debug_units.c \
	symbol/debug_units.h \
	symbol/demangle.c \
	symbol/demangle.h \
	symbol/elf.c \
	symbol/elf.h \
	symbol/perf_map.c \
	symbol/perf_map.h \
	symbol/plain_file.c \
	symbol/plain_file.h \
	symbol/unwind.h \
	symbol/unwind_frames.c \
	symbol/unwind_frames.h \
	symbol/unwind_libunwind.c \
	symbol/unwind_memo.c \
	symbol/unwind_memo.h \
	symbol/unwind_tables.c \
	symbol/unwind_tables.h
