/* When the kernel's own figures of the process are read, and sent as EVENT_FIGURES. The kernel walks all of
 * its page tables for them, so reading them unasked is kept to a small share of a core. */
#ifndef LIVE_LIVE_FIGURES_H
#define LIVE_LIVE_FIGURES_H

#include "kern/reader.h"
#include "live/watch.h"

struct live_figures {
	bool regular;     /* with each whole picture, and from time to time */
	bool bytes;       /* with a whole picture, read its memory as well */
	bool wanted;      /* they were asked for */
	uint64_t next_ns; /* CLOCK_MONOTONIC: not before */
	uint64_t from_ns; /* nor before that at all: a child that ends sooner has not much to be read */
};

/* At a look: reads and sends them where they are due. */
void live_figures_look(struct live_figures *, struct watch *, struct reader *, struct sink *);
/* With a whole picture. */
void live_figures_picture(struct live_figures *, struct watch *, struct reader *, struct sink *);

#endif
