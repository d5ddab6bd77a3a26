/* The processes of a Perfetto trace, with what is drawn of their memory: counters and smaps packets. */
#ifndef EXPORT_PERFETTO_MEMORY_H
#define EXPORT_PERFETTO_MEMORY_H

#include "export/perfetto_trace.h"
#include "model/world.h"

/* The low half of a track's uuid; the high half is a pid or a tid. */
enum { TRACK_PROCESS = 1, TRACK_THREAD = 2, TRACK_MINOR = 3, TRACK_MAJOR = 4, TRACK_STATES = 16 };

struct memory_track {
	int32_t pid;
	int32_t line;                 /* a number that it shares with those who have its memory by fork */
	bool sampled;                 /* the counters have values */
	bool pictured;                /* there was a smaps packet */
	bool changed;                 /* since the last one */
	uint64_t states[PAGE_STATES]; /* bytes, as written last */
	uint64_t minor, major;        /* faults since from_ns */
	uint64_t from_ns, pictured_ns;
	bool rated; /* the rates that were written last are not 0 */
};

/* Starts from zeroes. */
struct memory_tracks {
	struct memory_track *list;
	size_t count, cap;
	int32_t lines;
};

/* EVENT_PROCESS: describes the track, anew after an exec. */
void memory_new_process(struct memory_tracks *, struct trace *, const struct event *);
/* The same of a process that was there before the part that is exported, unless it has its track. */
void memory_process(struct memory_tracks *, struct trace *, const struct process *);
/* See memory_track.line. */
int32_t memory_line(const struct memory_tracks *, const struct process *);
void memory_count_fault(struct memory_tracks *, struct trace *, const struct process *, const struct event *);
/* EVENT_TICK: the counters, where they are others, and the regions, where it is time. */
void memory_tick(struct memory_tracks *, struct trace *, const struct process *, uint64_t time_ns);
/* The regions as they are at the end, of each process that has changed since. */
void memory_finish(struct memory_tracks *, struct trace *, const struct world *);
void memory_fini(struct memory_tracks *);

#endif
