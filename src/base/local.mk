libpagescape_a_SOURCES += \
	base/base64.c \
	base/base64.h \
	base/clock.c \
	base/clock.h \
	base/crash.c \
	base/crash.h \
	base/err.c \
	base/err.h \
	base/hash.c \
	base/hash.h \
	base/i18n.h \
	base/language.c \
	base/language.h \
	base/mem.c \
	base/mem.h \
	base/minmax.h \
	base/new_file.c \
	base/new_file.h \
	base/signal_name.c \
	base/signal_name.h \
	base/strbuf.c \
	base/strbuf.h \
	base/text.c \
	base/text.h \
	base/text_width.c \
	base/text_width.h
