libpagescape_a_SOURCES += \
	ui/lecture/answering.c \
	ui/lecture/answering.h \
	ui/lecture/fault_player.c \
	ui/lecture/fault_player.h \
	ui/lecture/lecture.c \
	ui/lecture/lecture_act.c \
	ui/lecture/lecture_act.h \
	ui/lecture/lecture.h \
	ui/lecture/lecture_keys.c \
	ui/lecture/lecture_keys.h \
	ui/lecture/lecture_run.c \
	ui/lecture/lecture_run.h \
	ui/lecture/lecture_windows.c \
	ui/lecture/lecture_windows.h \
	ui/lecture/notes.c \
	ui/lecture/notes.h \
	ui/lecture/pointer.c \
	ui/lecture/pointer.h
