/* Events as bytes and back. Within a frame each event leans on the ones before it, so
 * writer and reader begin every frame with a coder that was reset.
 *
 *     record:  number  time  pid  length  body[length]
 *
 * all varints; time and pid are signed differences to the record before. A reader skips
 * numbers that it does not know, and what a body has beyond what it knows. */
#ifndef STORE_CODEC_H
#define STORE_CODEC_H

#include "event/event.h"
#include "model/stacks.h"
#include "store/bytes.h"

struct coder {
	unsigned page_shift; /* of the session */
	/* what the record before left behind; all 0 at the start of a frame */
	uint64_t time_ns;
	int32_t pid;
	uint64_t address; /* end of the region last told of */
	uint64_t page;	  /* end of the pages last told of */
	uint64_t minor, major;
	uint64_t fault_address, fault_ip;
	int32_t fault_tid;
	uint64_t ip; /* of the last symbol */
	uint64_t story_page; /* end of the pages of the last story */
	struct event_fault story; /* of the last story */
	struct stacks stacks; /* those of this frame */
	uint32_t *stack_numbers; /* in the order in which they came */
	size_t stack_count, stack_cap;
	/* of its own */
	struct strbuf body;
	const char **argv;
	size_t argv_cap;
	struct run *tiles;
	size_t tiles_cap;
	struct code_frame frames[CODE_FRAMES_MAX];
	uint64_t ips[STACK_MAX];
};

/* Starts from zeroes but for page_shift; 12 to 24 are the page sizes from 4 KiB to 16 MiB. */
#define CODER_SHIFT_MIN 12
#define CODER_SHIFT_MAX 24

void coder_reset(struct coder *);
void coder_fini(struct coder *);

/* Appends the event. What it carries should be small beside a frame's limit: the writer
 * sees to it. */
void coder_put(struct coder *, struct strbuf *, const struct event *);
/* The next event: 1; 0 at the end; -1: makes no sense. The event's pointers are good until
 * the next call, and as long as what is read. Whatever the bytes: what comes out is sound
 * for world_apply. */
int coder_get(struct coder *, struct cursor *, struct event *);

/* One type of event. The numbers are the file's for ever. */
struct codec_row {
	uint64_t number;
	enum event_type type;
	void (*put)(struct coder *, struct strbuf *, const struct event *);
	void (*get)(struct coder *, struct cursor *, struct event *); /* marks the cursor bad */
};
extern const struct codec_row codec_rows[];
extern const size_t codec_row_count;

#endif
