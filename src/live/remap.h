/* Regions that faults touched, but that are gone by the time the faults are reported.
 *
 *     the program                      what is known of it afterwards
 *     mmap(a.txt)  at 0x7f1200000000   perf reports it (kern/perf/faultring.h)
 *     touches it                       a fault
 *     munmap
 *     mmap(b.txt)  at 0x7f1200000000   perf reports it; maps, which is read now, has only this one
 *
 * Such a fault belongs to what was last mapped there before it, not to what is there now. What was mapped
 * before perf began to report is what the model had until maps was read again.
 *
 * Only mremap brings memory to another address without a report. If that memory was seen before and after,
 * the model has it; if it was moved on meanwhile, where it came from is not known, but it is some of the
 * memory that is gone. */
#ifndef LIVE_REMAP_H
#define LIVE_REMAP_H

#include "event/sink.h"
#include "kern/perf/faultring.h"
#include "kern/reader.h"
#include "live/touches.h"
#include "model/space.h"

#define REMAP_KEPT 4096 /* how many mappings are remembered, and how many regions */

struct remap_region {
	uint64_t time_ns;        /* CLOCK_MONOTONIC: when it was mapped, or found gone */
	struct region_attr attr; /* path: owned */
	bool zero;               /* for regions that left: they had zero pages */
};

struct remap_list {
	struct remap_region *list; /* in order of time */
	size_t count, cap;
};

/* Mappings by address, to find those that hold a given one. */
struct remap_span {
	uint64_t start, end, reach; /* reach: the highest end of this and those before it */
	size_t mapping;
};

/* Did the region of an address grow down to it, as memory does that was mapped with MAP_GROWSDOWN? The kernel
 * reports growth as a mapping of the whole region, before it reports the fault. */
enum remap_growth {
	REMAP_GROWN_NOT,
	REMAP_GROWN_MAYBE, /* or the program mapped more right below it, and then touched that; the region is there */
	REMAP_GROWN_GONE, /* the same, and it is gone */
	REMAP_GROWN,      /* the report came while the fault was handled */
};

/* What was found out about a batch, by record. */
struct remap_answers {
	bool found;                /* these are for the batch that was searched for last */
	size_t *region, *code;     /* 1 + a region's number in both lists, `mapped` first; 0: none */
	enum touch_memory *memory; /* of what the fault touched, like all below */
	uint64_t *fresh_ns;        /* when it was newly mapped; 0: not known */
	bool *unreported;          /* no report of it has come, or it is no longer kept */
	uint64_t *last_ns;         /* of the last report of it up to then; 0: there is none */
	bool *later;               /* there are later reports */
	enum remap_growth *growth;
	size_t region_cap, code_cap, memory_cap, fresh_cap, unreported_cap, last_cap, later_cap, growth_cap;
};

/* Regions that the model was given temporarily. */
struct remap_shown {
	struct remap_shown_region {
		size_t number;       /* counting both lists, `mapped` first */
		uint64_t id;         /* in the model */
		uint64_t start, end; /* the part of it that is gone */
	} * list;
	size_t count, cap;
};

struct remap {
	struct remap_list mapped; /* as perf reported them */
	struct remap_list left;   /* regions that the model had: no longer in maps, or smaller now */
	struct remap_list
	    brought;      /* regions that came without a report: their pages may not have been read yet */
	uint64_t lost_ns; /* CLOCK_MONOTONIC: no reports were lost after this; 0: none at all */
	struct remap_span *spans;
	size_t span_cap;
	struct remap_answers answers;
	struct remap_shown shown;
};
void remap_fini(struct remap *);

/* Takes over the mappings that a batch reports: the batch has none after that. */
void remap_take(struct remap *, struct fault_batch *);
/* Notes that reports of that time or earlier were lost. */
void remap_lose(struct remap *, uint64_t clock_ns);
/* Were reports lost of mappings from a time that is not forgotten yet? */
bool remap_has_lost(const struct remap *);
/* Was anything mapped after that? */
bool remap_mapped_since(const struct remap *, uint64_t clock_ns);
/* Takes an event about regions before the model does: remembers what the model had there. */
void remap_note(struct remap *, const struct event *, const struct space *, uint64_t clock_ns);
/* Notes that all pages of all regions have been read. */
void remap_note_read(struct remap *);
/* Did the region of the address come without a report, and have its pages not been read since? */
bool remap_is_unread(const struct remap *, uint64_t address);
/* Forgets what was mapped before that, and what left the model before that. */
void remap_forget(struct remap *, uint64_t mapped_ns, uint64_t left_ns);

/* Determines which region each fault of a batch and its code lay in, if that is not what the model has. The
 * model has the regions as of maps_ns (CLOCK_MONOTONIC; the watch began at began_ns). False: nothing is gone,
 * and nothing is new. The answers are valid until regions are forgotten. */
bool remap_find(struct remap *, const struct fault_batch *, const struct space *, uint64_t maps_ns,
		uint64_t began_ns);
/* Determines the kinds of the mappings, which follow from other regions of the same file, present or gone. */
void remap_find_kinds(struct remap *, struct reader *, const struct space *);
/* The region that the record's fault was in; NULL: it is still there. */
const struct region_attr *remap_of(const struct remap *, size_t record);
/* Was something mapped there before the record's fault, as far as reports go? */
bool remap_was_mapped(const struct remap *, size_t record);
/* CLOCK_MONOTONIC: when that memory was newly mapped; 0: not seen. */
uint64_t remap_fresh_ns(const struct remap *, size_t record);
/* Did the region grow down to the touched address? */
enum remap_growth remap_growth_of(const struct remap *, size_t record);
/* Has no report come of what the record's fault touched, or is it no longer kept? */
bool remap_is_unreported(const struct remap *, size_t record);
/* All answers about the batch, for touches_apart. */
struct touch_past remap_past(const struct remap *);

/* What kind of memory mremap can have moved away: memory that was reported, or that the model had, and that
 * is gone. */
enum remap_moved {
	REMAP_MOVED_UNKNOWN,  /* it may be of several kinds */
	REMAP_MOVED_WRITABLE, /* all of it that is writable is private memory without a file */
	REMAP_MOVED_ALL,      /* all of it that is accessible is private memory without a file */
};
/* *zero: zero pages were seen in it. */
enum remap_moved remap_moved(const struct remap *, const struct space *, bool *zero);

/* For the fault that is sent next: makes the model show the regions that it was in, and none of those that it
 * was not in. Sends EVENT_MAP and EVENT_UNMAP, with the time and process of `stamp`. SIZE_MAX, at the end:
 * removes all of them again. */
void remap_show(struct remap *, size_t record, const struct fault_batch *, const struct space *,
		struct sink *, const struct event *stamp);
/* The same for an address at a time (CLOCK_MONOTONIC), among the faults of the batch that was searched last. `maps_ns`: as
 * for remap_find. True: what is shown there is not there any more. */
bool remap_show_at(struct remap *, uint64_t address, uint64_t time_ns, const struct space *, uint64_t maps_ns,
		   struct sink *, const struct event *stamp);
/* The rights (REGION_READ and so on) that were last reported for an address before a time; -1: none were. */
int remap_rights_at(const struct remap *, uint64_t address, uint64_t time_ns);
/* Is the model showing any of them? Then what leaves the model now was not the process's. */
bool remap_is_showing(const struct remap *);

#endif
