/* When the kernel's own figures of the process are read, and sent as EVENT_FIGURES. The kernel walks all of
 * the process's page tables for them, so reading them unasked is limited to a small share of a core. */
#ifndef LIVE_LIVE_FIGURES_H
#define LIVE_LIVE_FIGURES_H

#include "kern/reader.h"
#include "live/watch.h"

struct live_figures {
	bool regular; /* with each whole picture, and from time to time */
	bool bytes;   /* with a whole picture, read the process's memory as well */
	bool wanted;  /* they were requested */
	/* CLOCK_MONOTONIC: they are not read before these times */
	uint64_t next_ns;
	uint64_t regular_ns; /* likewise, unless they were requested */
	uint64_t from_ns;    /* likewise, even if requested: a child that ends sooner has little to read */
};

/* `regular`: with each whole picture, and from time to time; `bytes`: with a whole picture, reading the
 * process's memory as well; not before from_ns (CLOCK_MONOTONIC), even if requested. Needs no fini. */
void live_figures_init(struct live_figures *, bool regular, bool bytes, uint64_t from_ns);
/* Requests them: they are read at one of the next looks. */
void live_figures_want(struct live_figures *);
/* At a look: reads and sends them if they are due. */
void live_figures_look(struct live_figures *, struct watch *, struct reader *, struct sink *);
/* The same with a whole picture. */
void live_figures_picture(struct live_figures *, struct watch *, struct reader *, struct sink *);

#endif
