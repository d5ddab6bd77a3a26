libpagescape_a_SOURCES += \
	store/bytes.c \
	store/bytes.h \
	store/codec.c \
	store/codec.h \
	store/codec_rows.c \
	store/codec_stack.c \
	store/codec_stack.h \
	store/fault_columns.h \
	store/fault_columns_format.h \
	store/fault_columns_get.c \
	store/fault_columns_put.c \
	store/frame.c \
	store/frame.h \
	store/keyframe.c \
	store/keyframe.h \
	store/recent.c \
	store/recent.h \
	store/replay.c \
	store/replay.h \
	store/session.c \
	store/session.h \
	store/session_seek.c \
	store/session_state.h \
	store/writer.c \
	store/writer.h
