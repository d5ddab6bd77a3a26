libpagescape_a_SOURCES += \
	handout/handout.c \
	handout/handout.h \
	handout/handout_html.c \
	handout/handout_pdf.c
