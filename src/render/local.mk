libpagescape_a_SOURCES += \
	render/canvas.h \
	render/explain.h \
	render/glyph.h \
	render/layout.h \
	render/list.h \
	render/panel.h \
	render/screen.h \
	render/theme.h \
	render/view.h
