# What a page is in words; what a page looks like, where it stands.
libpagescape_a_SOURCES += \
	render/explain.c \
	render/explain.h \
	render/explain_entry.c \
	render/explain_touch.c

libpagescape_a_SOURCES += \
	render/canvas.c \
	render/canvas.h \
	render/glyph.c \
	render/glyph.h \
	render/layout.c \
	render/layout.h \
	render/list.c \
	render/list.h \
	render/panel.h \
	render/screen.h \
	render/theme.c \
	render/theme.h \
	render/view.c \
	render/view.h
