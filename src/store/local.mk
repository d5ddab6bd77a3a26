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
	store/notes.c \
	store/notes.h \
	store/overview.c \
	store/overview.h \
	store/replay.c \
	store/replay.h \
	store/replay_state.h \
	store/replay_time.c \
	store/session.c \
	store/session.h \
	store/session_seek.c \
	store/session_state.h \
	store/spool.c \
	store/spool.h \
	store/track.c \
	store/track.h \
	store/writer.c \
	store/writer.h
