/* What is inside a live source: for live*.c, control.c, status.c and family.c and nobody else. */
#ifndef LIVE_LIVE_STATE_H
#define LIVE_LIVE_STATE_H

#include "kern/tasks.h"
#include "live/live.h"
#include "live/live_faults.h"
#include "live/live_names.h"
#include "symbol/locate.h"
#include "live/schedule.h"
#include "trace/pty.h"
#include "trace/tracer.h"

struct live_threads {
	struct task_list list; /* as last read, by tid */
	uint64_t read_ns;
};

struct live {
	struct source source; /* first */
	struct live_options options;
	struct world *world;
	struct reader *reader;
	struct schedule schedule;
	struct live_faults faults;
	struct live_names names;
	struct live_threads threads;
	int32_t pid;

	bool started; /* the first picture was taken */
	bool changed; /* something was sent in this step */
	uint64_t due_ns;
	struct {
		bool known, ok;
		const char *why;
	} sources[SOURCE_KINDS]; /* as last sent */
	uint64_t sources_ns;     /* when they were last looked at */
	int nameless;            /* how often to look again for the arguments of a fresh exec */
	char maps_why[512];      /* why regions cannot be read any more, "" while they can */

	int pidfd;  /* readable when the process has ended; -1: not there */
	bool dead;  /* it has ended: what pidfd says, or stat */
	bool ended; /* nothing is left to be told */
	enum process_status status;
	int status_code;

	int32_t parent; /* the watched process that forked it; 0: none */
	bool born;      /* forked by a launched one, and traced as that is: its end is told */
	bool launched;  /* and not released */
	struct pty pty;
	struct tracer *tracer; /* NULL: attached to, and never paused */
	struct tracer_news news;
	unsigned execs;  /* those whose picture was taken */
	bool exec_ahead; /* one more was told, which the tracer has not told yet */
	bool exit_seen;  /* the picture of its exit was taken */
	unsigned stops;  /* pauses that were told */
	struct {
		uint64_t interval_ns; /* between two faults; 0: no slow motion */
		uint64_t next_ns;     /* when it goes on */
		struct control_step step;
	} slow;
	uint64_t kill_ns; /* when to be done with patience after CONTROL_END; 0: not asked for */
};

/* A process that a watched one has forked. `tracer` (NULL: none) holds it at its birth and
 * becomes its own, here or where it fails; the watch's time began at began_ns. As live_attach. */
struct live *live_of_child(int32_t pid, int32_t parent, struct tracer *, uint64_t began_ns,
			   const struct live_options *, struct world *, struct err *);
/* Whether our tracer has it from its first instruction on, and knows how it ends. */
static inline bool live_is_traced(const struct live *live)
{
	return (live->launched || live->born) && live->tracer;
}
/* What is still known of a page when its process has ended: the last picture. */
void live_inspect_dead(const struct process *, uint64_t page, struct page_detail *);

/* Sends an event, stamped with the time and the process. */
void live_send(struct live *, struct sink *, struct event *);

/* Sends what is new of: how the process is, its counters, the sources. */
void live_tell_status(struct live *, struct sink *);
void live_tell_counters(struct live *, struct sink *);
void live_tell_sources(struct live *, struct sink *);
int live_tell_identity(struct live *, struct sink *, bool exec, struct err *);

/* Sends what is new of its threads, where the counters that were read last are a reason to look. */
void live_tell_threads(struct live *, struct sink *);

/* Opens what faults are told by, or keeps why not. */
void live_faults_open(struct live *);
void live_faults_fini(struct live *);
/* The sink to send to while a source is read. */
struct sink *live_faults_sink(struct live *, struct sink *);
/* Tells the faults that have come. `readable`: the memory that they happened in is still there. */
void live_take_faults(struct live *, struct sink *, bool readable);
/* Finds which faults of the batch lay in what is not there any more, or in what was mapped anew, and
 * says in its touches what is known of these. False: none did. */
bool live_find_remap(struct live *, const struct process *);
/* The model is to have what the record's fault lay in; SIZE_MAX: what is there now, and no more. */
void live_show_remap(struct live *, struct sink *, const struct space *, size_t record);
/* Takes from the tracer the touches that a signal answered. */
void live_take_fatal(struct live *);
/* Tells those of before `until_ns` of the clock. */
void live_tell_fatal(struct live *, struct sink *, const struct process *, uint64_t until_ns);
/* Takes from the rings what they hold, to be told next, unless that was done just now: for what
 * takes long while faults are told. */
void live_drain_faults(struct live *, struct sink *);

/* Goes on by itself where it is time to: the first pause of all, slow motion. Before news are taken. */
void live_drive(struct live *);
/* Does it stand since the last EVENT_STOP? Then: the calls that it made, and in the end why. */
bool live_stands(const struct live *);
/* The regions as they are where it stands: before its faults, which lie in them. */
void live_read_regions(struct live *, struct sink *);
void live_tell_calls(struct live *, struct sink *);
void live_tell_stop(struct live *, struct sink *);
/* CONTROL_PAUSE, CONTROL_RESUME, CONTROL_STEP */
int live_pause(struct live *, struct err *);
void live_resume(struct live *);
int live_step(struct live *, const struct control_step *, struct err *);

/* source_ops.control */
int live_control(struct source *, int32_t pid, enum control, const struct control_arg *, struct err *);
/* Sees the end that was asked for through, waiting what is left of the grace period. */
void live_finish_end(struct live *);

#endif
