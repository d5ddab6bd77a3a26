libpagescape_a_SOURCES += \
	verdict/amounts.c \
	verdict/amounts.h \
	verdict/facts.h \
	verdict/arrivals.c \
	verdict/arrivals.h \
	verdict/owners.c \
	verdict/owners.h \
	verdict/recognise.c \
	verdict/recognise.h \
	verdict/recognise_malloc.c \
	verdict/recognise_runtimes.c \
	verdict/recognise_stacks.c \
	verdict/report.c \
	verdict/report.h \
	verdict/sentences.c \
	verdict/sentences.h \
	verdict/verdict.c \
	verdict/verdict.h \
	verdict/words.c \
	verdict/words.h
