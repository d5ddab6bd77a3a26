libpagescape_a_SOURCES += \
	lecture/draw.c \
	lecture/draw.h \
	lecture/slide.c \
	lecture/slide.h
