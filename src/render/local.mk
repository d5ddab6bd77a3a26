libpagescape_a_SOURCES += \
	render/canvas.h \
	render/explain.c \
	render/explain.h \
	render/explain_entry.c \
	render/explain_touch.c \
	render/glyph.h \
	render/layout.h \
	render/list.h \
	render/panel.h \
	render/screen.h \
	render/theme.h \
	render/view.h
