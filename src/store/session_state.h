/* What a session being read consists of; for the module alone. */
#ifndef STORE_SESSION_STATE_H
#define STORE_SESSION_STATE_H

#include <zstd.h>

#include "store/codec.h"
#include "store/frame.h"
#include "store/session.h"

struct session {
	int fd;
	char *shown; /* its path, printable */
	struct session_info info;
	char *texts;        /* what info points to */
	uint64_t frames_at; /* where the first frame is */
	/* bytes read and not used yet: buffer[used, len) is the file's from `offset` on */
	uint8_t *buffer;
	size_t used, len, cap;
	uint64_t offset;
	bool eof;
	bool follow; /* what is at its end may grow */
	/* the frame being read */
	struct frame frame;
	uint8_t *raw;
	size_t raw_cap;
	struct cursor cursor;
	struct coder coder;
	ZSTD_DCtx *zstd;
	bool in_key; /* what is in keyframes counts: until its last frame */
	bool at_foot, ended, broken;
};

/* The next frame's head and packed payload, checked: 1; 0: not there yet; -1: broken,
 * 2: the end of the file. *payload is good until the next call. */
int session_read_frame(struct session *, struct frame *, const uint8_t **payload, struct err *);
/* Unpacks it to session->raw and puts the cursor before it. -1: broken. */
int session_unpack(struct session *, const struct frame *, const uint8_t *payload, struct err *);
/* Goes to the frame at the offset and unpacks it, whatever its type. */
int session_load(struct session *, uint64_t offset, struct err *);
/* The next event of the unpacked frame: 1; 0 at its end; -1: makes no sense. */
int session_event(struct session *, struct event *, struct err *);
int session_broken(struct session *, struct err *);

#endif
