libpagescape_a_SOURCES += \
	expect/ambiguous.c \
	expect/ambiguous.h \
	expect/evaluate.c \
	expect/evaluate.h \
	expect/expect.c \
	expect/expect.h \
	expect/facts.h \
	expect/figure.c \
	expect/figure.h \
	expect/figure_faults.c \
	expect/figure_faults.h \
	expect/figure_pages.c \
	expect/figure_pages.h \
	expect/keeper.c \
	expect/keeper.h \
	expect/lexer.c \
	expect/lexer.h \
	expect/moments.c \
	expect/moments.h \
	expect/parse_term.c \
	expect/parse_term.h \
	expect/parse.c \
	expect/value.c \
	expect/value.h
