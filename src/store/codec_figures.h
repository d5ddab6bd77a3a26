/* The body of a record about the kernel's own figures of a process. */
#ifndef STORE_CODEC_FIGURES_H
#define STORE_CODEC_FIGURES_H

#include "event/event.h"
#include "store/bytes.h"

/* Starts from zeroes. */
struct figures_coder {
	struct kernel_figures got; /* owned: those of the latest event */
};

void figures_coder_fini(struct figures_coder *);

/* FIGURES. What is read is valid, or the cursor is bad; it may be used until the next call. */
void figures_put_figures(struct figures_coder *, unsigned page_shift, struct strbuf *, const struct event *);
void figures_get_figures(struct figures_coder *, unsigned page_shift, struct cursor *, struct event *);

#endif
