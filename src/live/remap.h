/* Regions that faults touched and that are gone when the faults are reported.
 *
 *     the program                      what is known of it afterwards
 *     mmap(a.txt)  at 0x7f1200000000   perf reports it (kern/perf/faultring.h)
 *     touches it                       a fault
 *     munmap
 *     mmap(b.txt)  at 0x7f1200000000   perf reports it; maps, which is read now, has only this one
 *
 * Such a fault is in what was last mapped there before it, not in what is there now. What was mapped before
 * perf began to report is what the model had until maps was read again. */
#ifndef LIVE_REMAP_H
#define LIVE_REMAP_H

#include "event/sink.h"
#include "kern/perf/faultring.h"
#include "kern/reader.h"
#include "live/touches.h"
#include "model/space.h"

#define REMAP_KEPT 4096 /* how many mappings are remembered, and how many regions */

struct remap_region {
	uint64_t time_ns;        /* of the clock: when it was mapped; when it was found gone */
	struct region_attr attr; /* path: owned */
};

struct remap_list {
	struct remap_region *list; /* in order of time */
	size_t count, cap;
};

/* Mappings by address, to find those that hold a given one. */
struct remap_span {
	uint64_t start, end, reach; /* reach: how far it and those before it reach */
	size_t mapping;
};

struct remap {
	struct remap_list mapped; /* as perf reported */
	struct remap_list left;   /* that the model had: they are no longer in maps, or have become smaller */
	struct remap_span *spans;
	size_t span_cap;
	size_t *of_record, *of_code; /* 1 + the number of a region: of both lists, mapped first; 0: none */
	enum touch_memory *memory;   /* by record */
	uint64_t *fresh_ns;          /* by record: when what it touched was newly mapped; 0: not known */
	size_t record_cap, code_cap, memory_cap, fresh_cap;
	size_t *shown; /* those that the model has been given for the moment, and their ids */
	uint64_t *shown_ids;
	size_t shown_count, shown_cap, id_cap;
};
void remap_fini(struct remap *);

/* Takes the mappings from a batch. */
void remap_take(struct remap *, struct fault_batch *);
/* Was anything mapped after that? */
bool remap_mapped_since(const struct remap *, uint64_t clock_ns);
/* An event about regions, before the model takes it: remembers what the model had there. */
void remap_note(struct remap *, const struct event *, const struct space *, uint64_t clock_ns);
/* Forgets what was mapped before that, and what left the model before that. */
void remap_forget(struct remap *, uint64_t mapped_ns, uint64_t left_ns);

/* Finds out where each fault of a batch and its code lay, if that is not what the model has. The model has the
 * regions as of maps_ns (of the clock; the watch began at began_ns). False: nothing is gone, and nothing is
 * new. The answers hold until regions are forgotten. */
bool remap_find(struct remap *, const struct fault_batch *, const struct space *, uint64_t maps_ns,
		uint64_t began_ns);
/* Finds out the kinds of the mappings, which follow from other regions of the same file: present ones, and
 * those that are gone. */
void remap_find_kinds(struct remap *, struct reader *, const struct space *);
/* Where it was; NULL: that is still there. */
const struct region_attr *remap_of(const struct remap *, size_t record);

/* For the fault that is sent next: makes the model have the regions that it was in, and none of those that it
 * was not in. Sends EVENT_MAP and EVENT_UNMAP, with the time and process of `stamp`. SIZE_MAX, at the end:
 * removes all of them again. */
void remap_show(struct remap *, size_t record, const struct fault_batch *, const struct space *,
		struct sink *, const struct event *stamp);

#endif
