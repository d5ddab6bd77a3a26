/* A session that a program writes event by event; what the make_*.c of this folder share. */
#ifndef TESTS_CLI_MAKING_H
#define TESTS_CLI_MAKING_H

#include <stdio.h>

#include "store/writer.h"

struct making {
	struct world *world;
	struct session_writer *writer;
};

/* Begins the session FILE of argv. False, with a line on standard error: it cannot. */
static inline bool making_begin(struct making *m, int argc, char **argv)
{
	struct err err = { 0 };

	m->world = world_create();
	struct session_writer_options options = { .force = true, .page_shift = 12, .world = m->world };
	m->writer = argc == 2 ? session_writer_create(argv[1], &options, &err) : NULL;
	if (!m->writer)
		fprintf(stderr, "usage: %s FILE: %s\n", argv[0], err.text);
	return m->writer;
}

/* Sends an event of a process, so many milliseconds after the beginning. */
static inline void making_send(struct making *m, int32_t pid, uint64_t ms, struct event e)
{
	e.pid = pid;
	e.time_ns = ms * 1000000;
	sink_send(&m->world->sink, &e);
	sink_send(session_writer_sink(m->writer), &e);
}

/* Ends it. Returns the exit status. */
static inline int making_end(struct making *m)
{
	struct err err = { 0 };

	if (session_writer_close(m->writer, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	world_destroy(m->world);
	return 0;
}

#endif
