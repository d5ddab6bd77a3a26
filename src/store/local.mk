libpagescape_a_SOURCES += \
	store/bytes.c \
	store/bytes.h \
	store/codec.c \
	store/codec.h \
	store/codec_rows.c \
	store/frame.c \
	store/frame.h \
	store/keyframe.c \
	store/keyframe.h \
	store/replay.c \
	store/replay.h \
	store/session.c \
	store/session.h \
	store/session_seek.c \
	store/session_state.h \
	store/writer.c \
	store/writer.h
