/* Writes a session file: a sink beside the live model, so that what is replayed is what was
 * seen. The format is in pagescape-session(5). */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/err.h"
#include "model/world.h"

struct session_writer;

struct session_writer_options {
	bool force;          /* write over a file that is there */
	unsigned page_shift; /* of this machine */
	/* the world that every event was applied to before it comes here, for keyframes;
	 * NULL: without keyframes */
	const struct world *world;
	/* bytes of events between keyframes, and 8 for each event, at least; 0: the usual */
	uint64_t key_every;
};

/* "-" is standard output. A file gets its name with the first whole picture, or at the end: until
 * then one that is there stays as it is. Refused where it is there, unless forced, and always where
 * somebody is recording into it. */
struct session_writer *session_writer_create(const char *path, const struct session_writer_options *,
					     struct err *);
struct sink *session_writer_sink(struct session_writer *);
/* Everything up to now is in the file, whatever becomes of us. Costs a frame: for moments that matter. */
void session_writer_flush(struct session_writer *);
/* Bytes in the file so far. */
uint64_t session_writer_size(const struct session_writer *);
/* True once something could not be written: nothing is from then on. Stays where it is. */
const bool *session_writer_failed(const struct session_writer *);
/* Writes what is left, the index and the foot, and closes. There is no file if no
 * event came. -1 if something could not be written, now or before. */
int session_writer_close(struct session_writer *, struct err *);

#endif
