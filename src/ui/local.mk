libpagescape_a_SOURCES += \
	ui/command.c \
	ui/command.h \
	ui/command_find.c \
	ui/command_jump.c \
	ui/command_mark.c \
	ui/command_move.c \
	ui/command_private.h \
	ui/command_regions.c \
	ui/command_target.c \
	ui/command_view.c \
	ui/input.c \
	ui/input.h \
	ui/prompt.c \
	ui/signals.c \
	ui/signals.h \
	ui/state.c \
	ui/state.h \
	ui/terminal.c \
	ui/terminal.h \
	ui/terminal_check.c \
	ui/terminal_draw.c \
	ui/terminal_input.c \
	ui/terminal_private.h \
	ui/terminal_rescue.c \
	ui/ui.c \
	ui/ui.h \
	ui/update.c
