libpagescape_a_SOURCES += \
	compare/aligned.c \
	compare/aligned.h \
	compare/compare.c \
	compare/compare.h \
	compare/diff.c \
	compare/diff.h \
	compare/match.c \
	compare/match.h \
	compare/pair.c \
	compare/pair.h \
	compare/parted.c \
	compare/parted.h \
	compare/sharing.c \
	compare/sharing.h \
	compare/touched.c \
	compare/touched.h
