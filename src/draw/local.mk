libpagescape_a_SOURCES += \
	draw/cells.c \
	draw/cells.h \
	draw/drawing.c \
	draw/drawing.h \
	draw/font.c \
	draw/font.h \
	draw/shape.c \
	draw/shape.h
