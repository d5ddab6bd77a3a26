/* Marks that are made while a recording is looked at. They go to the end of the file: a block
 * of them, the index once more, a foot. If the file cannot be written, or was not closed
 * (it is still being recorded, or was cut), they go into FILE.notes beside it, which is a
 * session without events. */
#ifndef STORE_NOTES_H
#define STORE_NOTES_H

#include "base/err.h"
#include "event/event.h"
#include "model/marks.h"
#include "store/session.h"
#include "store/track.h"

/* Adds the track's notes to the marks, from block of notes number `from` on. Returns how many such blocks
 * there are. */
size_t notes_read(struct track_iter *, const struct track *, size_t from, struct marks *);
/* Adds those of FILE.notes, if that is there and belongs to the session. */
void notes_read_beside(const char *path, const struct session *, struct marks *);

/* Stores an EVENT_MARK. Returns 0 if it is in the file, 1 if in FILE.notes, -1 with err. */
int notes_keep(const char *path, const struct session *, const struct track *, const struct event *mark,
	       struct err *err);

#endif
