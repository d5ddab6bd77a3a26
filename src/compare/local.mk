libpagescape_a_SOURCES += \
	compare/aligned.c \
	compare/aligned.h \
	compare/compare.c \
	compare/compare.h \
	compare/compare_match.c \
	compare/diff.c \
	compare/diff.h \
	compare/pair.c \
	compare/pair.h
