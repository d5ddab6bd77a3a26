/* The processes of a Perfetto trace, with their memory as counters and smaps packets. */
#ifndef EXPORT_PERFETTO_MEMORY_H
#define EXPORT_PERFETTO_MEMORY_H

#include "base/hash.h"
#include "export/perfetto_trace.h"
#include "model/world.h"

/* The low half of a track's uuid; the high half is a pid or a tid. */
enum {
	PERFETTO_TRACK_PROCESS = 1,
	PERFETTO_TRACK_THREAD = 2,
	PERFETTO_TRACK_MINOR = 3,
	PERFETTO_TRACK_MAJOR = 4,
	PERFETTO_TRACK_STATES = 16
};

struct perfetto_memory_track {
	int32_t pid;
	int32_t line;                 /* the same number for all processes related by fork */
	bool sampled;                 /* the counters have values */
	bool pictured;                /* there was a smaps packet */
	bool changed;                 /* since the last one */
	uint64_t states[PAGE_STATES]; /* bytes, as written last */
	uint64_t minor, major;        /* faults since from_ns */
	uint64_t from_ns, pictured_ns;
	bool rated; /* the rates that were written last are not 0 */
};

/* Starts from zeroes. */
struct perfetto_memory_tracks {
	struct perfetto_memory_track *list;
	size_t count, cap;
	struct hash by_pid;
	int32_t lines;
};

/* EVENT_PROCESS: describes the track, again after an exec. */
void perfetto_memory_new_process(struct perfetto_memory_tracks *, struct perfetto_trace *,
				 const struct event *);
/* The same for a process that existed before the exported part, unless it has its track already. */
void perfetto_memory_process(struct perfetto_memory_tracks *, struct perfetto_trace *,
			     const struct process *);
/* See perfetto_memory_track.line. */
int32_t perfetto_memory_line(const struct perfetto_memory_tracks *, const struct process *);
void perfetto_memory_count_fault(struct perfetto_memory_tracks *, struct perfetto_trace *,
				 const struct process *, const struct event *);
/* EVENT_TICK: the counters that have changed, and the regions when it is time. */
void perfetto_memory_tick(struct perfetto_memory_tracks *, struct perfetto_trace *, const struct process *,
			  uint64_t time_ns);
/* The regions as they are at the end, of each process that has changed since. */
void perfetto_memory_finish(struct perfetto_memory_tracks *, struct perfetto_trace *, const struct world *);
void perfetto_memory_fini(struct perfetto_memory_tracks *);

#endif
