/* Writes a session file: a sink beside the live model, so that a replay shows what was seen. The format is in
 * pagescape-session(5). */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/err.h"
#include "model/world.h"

struct session_writer;

struct session_writer_options {
	bool force;          /* replace an existing file */
	unsigned page_shift; /* of this machine */
	/* the world that every event was applied to before it comes here, for keyframes;
	 * NULL: without keyframes */
	const struct world *world;
	/* minimum bytes of events between keyframes, with 8 for each event; 0: the default */
	uint64_t key_every;
};

/* "-" is standard output. A file gets its name with the first whole picture, or at the end: until then an
 * existing one stays as it is. Refused if the file exists, unless forced, and always if it is being recorded
 * into. The caller ends it with session_writer_close. NULL with err. */
struct session_writer *session_writer_create(const char *path, const struct session_writer_options *,
					     struct err *);
struct sink *session_writer_sink(struct session_writer *);
/* Writes everything up to now into the file, so that it survives us. Costs a block: for moments that
 * matter. */
void session_writer_flush(struct session_writer *);
/* Bytes in the file so far. */
uint64_t session_writer_size(const struct session_writer *);
/* Points to a flag that is true once a write has failed: nothing is written from then on. Valid until
 * close. */
const bool *session_writer_failed(const struct session_writer *);
/* Writes what is left, the index and the foot, and closes. There is no file if no event came. 0, or -1 with
 * err if something could not be written, now or before. */
int session_writer_close(struct session_writer *, struct err *);

#endif
