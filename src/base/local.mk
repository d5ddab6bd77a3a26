libpagescape_a_SOURCES += \
	base/clock.h \
	base/err.h \
	base/i18n.h \
	base/mem.h \
	base/strbuf.h \
	base/text.h
