libpagescape_a_SOURCES += \
	ui/command.h \
	ui/signals.c \
	ui/signals.h \
	ui/terminal.c \
	ui/terminal.h \
	ui/terminal_check.c \
	ui/terminal_draw.c \
	ui/terminal_input.c \
	ui/terminal_private.h \
	ui/terminal_rescue.c \
	ui/ui.h
