/* Events as bytes and back. Within a block each event builds on the ones before it, so writer and reader
 * begin every block with a coder that was reset.
 *
 *     record:  number  time  pid  length  body[length]
 *
 * all varints; time and pid are signed differences from the record before. A reader skips numbers that it
 * does not know, and whatever follows in a body after what it knows.
 *
 * Faults are columns, in a record before all others; their places among the other events are marked by
 * records that say how many come:
 *
 *     [columns of 5 faults] [pages] [3 faults] [tick] [2 faults] */
#ifndef STORE_CODEC_H
#define STORE_CODEC_H

#include "event/event.h"
#include "store/bytes.h"
#include "store/codec_code.h"
#include "store/codec_figures.h"
#include "store/codec_kin.h"
#include "store/codec_memory.h"
#include "store/codec_process.h"
#include "store/codec_touch.h"
#include "store/fault_columns.h"

struct coder {
	unsigned page_shift; /* of the session */
	/* left by the record before; all 0 at the start of a block */
	uint64_t time_ns;
	int32_t pid;
	struct process_coder process;
	struct memory_coder memory;
	struct code_coder code;
	struct touch_coder touch;
	struct kin_coder kin;
	struct figures_coder figures;
	struct fault_columns faults;
	uint64_t run;        /* faults that were put, or are still to be read, before the next record */
	bool run_is_stories; /* each is the story of the page that it touched */
	struct strbuf body, head;
};

/* Starts from zeroes except page_shift; 12 to 24 are the page sizes from 4 KiB to 16 MiB. */
#define CODER_SHIFT_MIN 12
#define CODER_SHIFT_MAX 24

/* A block begins. */
void coder_reset(struct coder *);
void coder_fini(struct coder *);

/* Appends the event to the records, or to what the coder keeps until the end of the block. An event should be
 * small compared with a block's limit: the writer ensures that. */
void coder_put(struct coder *, struct strbuf *records, const struct event *);
/* Roughly how many bytes the block has so far. */
size_t coder_size(const struct coder *, const struct strbuf *records);

/* A block's payload is these, one after the other; each packs best by itself. Some are empty. */
struct coder_part {
	const char *bytes;
	size_t len;
};
#define CODER_PARTS (FAULT_COLUMNS + 2)
/* Completes the block; coder_reset must follow. The parts are valid until then. */
void coder_finish(struct coder *, struct strbuf *records, struct coder_part parts[static CODER_PARTS]);

/* Reads the next event: 1; 0 at the end; -1 if it is malformed. The event's pointers are valid until the next
 * call, and no longer than the bytes being read. Whatever the bytes are, the event is safe for
 * world_apply. */
int coder_get(struct coder *, struct cursor *, struct event *);

#endif
