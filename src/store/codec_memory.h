/* Bodies of records about regions and their pages. */
#ifndef STORE_CODEC_MEMORY_H
#define STORE_CODEC_MEMORY_H

#include "event/event.h"
#include "store/bytes.h"

/* Starts from zeroes. */
struct memory_coder {
	uint64_t address; /* end of the region of the record before */
	uint64_t page;    /* end of the pages of the record before */
	uint64_t left;    /* the same for pages that went */
	struct run *tiles;
	size_t tiles_cap;
};
#define CODER_TILES_MAX 32768 /* in a record: more are several records */

/* Between blocks. */
void memory_coder_reset(struct memory_coder *);
void memory_coder_fini(struct memory_coder *);

/* MAP, CHANGE, UNMAP; PAGES; BEGAN. What is read is valid, or the cursor is bad. */
void memory_put_region(struct memory_coder *, unsigned page_shift, struct strbuf *, const struct event *);
void memory_get_region(struct memory_coder *, unsigned page_shift, struct cursor *, struct event *);
void memory_put_pages(struct memory_coder *, unsigned page_shift, struct strbuf *, const struct event *);
void memory_get_pages(struct memory_coder *, unsigned page_shift, struct cursor *, struct event *);
void memory_put_began(struct memory_coder *, unsigned page_shift, struct strbuf *, const struct event *);
void memory_get_began(struct memory_coder *, unsigned page_shift, struct cursor *, struct event *);
/* LEFT. */
void memory_put_left(struct memory_coder *, struct strbuf *, const struct event *);
void memory_get_left(struct memory_coder *, struct cursor *, struct event *);

#endif
