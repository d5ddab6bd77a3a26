libpagescape_a_SOURCES += \
	lecture/draw.c \
	lecture/draw.h \
	lecture/page_cells.c \
	lecture/page_cells.h \
	lecture/score.c \
	lecture/score.h \
	lecture/slide.c \
	lecture/slide.h \
	lecture/source_lines.c \
	lecture/source_lines.h \
	lecture/slide_words.c \
	lecture/slide_words.h
