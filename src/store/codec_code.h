/* Bodies of records that name code. */
#ifndef STORE_CODEC_CODE_H
#define STORE_CODEC_CODE_H

#include "event/event.h"
#include "store/bytes.h"

/* Starts from zeroes. */
struct code_coder {
	uint64_t ip; /* of the symbol before */
	struct code_frame frames[CODE_FRAMES_MAX];
};

/* SYMBOL, LINES. What is read is valid, or the cursor is bad; its texts point into the cursor's bytes. */
void code_put_symbol(struct code_coder *, struct strbuf *, const struct event *);
void code_get_symbol(struct code_coder *, struct cursor *, struct event *);
void code_put_lines(struct code_coder *, struct strbuf *, const struct event *);
void code_get_lines(struct code_coder *, struct cursor *, struct event *);

#endif
