/* The state of the process: what it is called, whether it runs, and how it ended. */
#ifndef LIVE_LIVE_STATUS_H
#define LIVE_LIVE_STATUS_H

#include "kern/reader.h"
#include "live/counters.h"
#include "live/watch.h"
#include "trace/tracer.h"

struct live_status {
	int pidfd;  /* readable when the process has ended; -1: not there */
	bool sent;  /* the first status was sent */
	bool dead;  /* it has ended, according to pidfd, stat or its tracer */
	bool ended; /* nothing more will be known of it */
	enum process_status status;
	int code;
	unsigned nameless; /* how often to read the arguments of a new exec again */
};

/* Where the status comes from. */
struct status_voices {
	bool traced;                   /* its tracer has traced it from its first instruction on */
	bool imaged;                   /* the picture of its first image was taken */
	const struct trace_news *news; /* all zero if there is no tracer */
	const struct counters *counters;
	struct reader *reader;
};

/* `in_files`: the process is only in a captured tree, so there is no pidfd. */
void live_status_init(struct live_status *, int32_t pid, bool in_files);
void live_status_fini(struct live_status *);

/* An fd that is readable when the process has ended; -1: there is none. It belongs to the status. */
int live_status_pidfd(const struct live_status *);
/* Has it ended, as of live_status_check? */
bool live_status_is_dead(const struct live_status *);
/* Will nothing more be known about it? For a zombie, its reaping by the parent is still to come. */
bool live_status_is_ended(const struct live_status *);
/* Are the arguments of its last exec still to be read? */
bool live_status_is_nameless(const struct live_status *);

/* Checks whether it has ended, and notes that. */
void live_status_check(struct live_status *, const struct status_voices *);
/* Sends the status if it has changed. */
void live_status_send(struct live_status *, const struct status_voices *, struct watch *, struct sink *);

/* How a child came into being, as in struct event_process. */
struct status_birth {
	uint64_t forked_ns;
	bool unrun, vfork;
};

/* What is reported about the process when its identity is sent. */
struct status_origin {
	int32_t parent; /* the watched process that forked it; 0: none */
	bool launched;
	bool exec;                 /* it has become this program, */
	uint64_t exec_ns;          /* at this time (CLOCK_MONOTONIC); 0: not known, just now */
	struct status_birth birth; /* when its identity is sent for the first time */
};
/* Sends that it became another program; only the name is known. */
void live_status_send_name(const struct status_origin *, const char *name, struct watch *, struct sink *);
/* Sends who it is. 0, or -1 with the errors of reader_identity. */
int live_status_send_identity(struct live_status *, const struct status_origin *, struct reader *,
			      struct watch *, struct sink *, struct err *);

#endif
