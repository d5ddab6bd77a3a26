libpagescape_a_SOURCES += \
	ui/command.h \
	ui/terminal.h \
	ui/ui.h
