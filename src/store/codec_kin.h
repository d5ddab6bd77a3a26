/* Bodies of records of keyframes: what children shared with their parents. */
#ifndef STORE_CODEC_KIN_H
#define STORE_CODEC_KIN_H

#include "event/event.h"
#include "store/bytes.h"

/* Starts from zeroes. */
struct kin_coder {
	uint64_t ip; /* of the copier before */
	struct run *tiles;
	size_t tiles_cap;
};

/* Between blocks. */
void kin_coder_reset(struct kin_coder *);
void kin_coder_fini(struct kin_coder *);

/* FORKED, COPIER. What is read is valid, or the cursor is bad. */
void kin_put_forked(struct kin_coder *, struct strbuf *, const struct event *);
void kin_get_forked(struct kin_coder *, struct cursor *, struct event *);
void kin_put_copier(struct kin_coder *, struct strbuf *, const struct event *);
void kin_get_copier(struct kin_coder *, struct cursor *, struct event *);

#endif
