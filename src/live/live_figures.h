/* When the kernel's own figures of the process are read, and sent as EVENT_FIGURES. The kernel walks all of
 * the process's page tables for them, so reading them unasked is limited to a small share of a core. */
#ifndef LIVE_LIVE_FIGURES_H
#define LIVE_LIVE_FIGURES_H

#include "kern/reader.h"
#include "live/watch.h"

struct live_figures {
	bool regular;     /* with each whole picture, and from time to time */
	bool bytes;       /* with a whole picture, read its memory as well */
	bool wanted;      /* they were asked for */
	uint64_t next_ns; /* CLOCK_MONOTONIC: not before */
	uint64_t from_ns; /* nor before this at all: a child that ends sooner has little to read */
};

/* At a look: reads and sends them if they are due. */
void live_figures_look(struct live_figures *, struct watch *, struct reader *, struct sink *);
/* With a whole picture. */
void live_figures_picture(struct live_figures *, struct watch *, struct reader *, struct sink *);

#endif
