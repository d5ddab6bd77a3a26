/* Regions that faults touched and that are gone when the faults are reported.
 *
 *     the program                      what is known of it afterwards
 *     mmap(a.txt)  at 0x7f1200000000   perf reports it (kern/perf/faultring.h)
 *     touches it                       a fault
 *     munmap
 *     mmap(b.txt)  at 0x7f1200000000   perf reports it; maps, which is read now, has only this one
 *
 * Such a fault is in what was last mapped there before it, not in what is there now. What was mapped before
 * perf began to report is what the model had until maps was read again.
 *
 * Only mremap brings memory to another address without a report. Where it was seen before and after, the model has
 * it; if it was moved on meanwhile, its place is not known, but it is some of the memory that is gone. */
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
	bool zero;               /* of what left: the zero page was in it */
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

/* Did the region of an address grow down to it, as memory does that was mapped with MAP_GROWSDOWN? The kernel reports that
 * as a mapping, of all of the region, before it reports the fault. */
enum remap_growth {
	REMAP_GROWN_NOT,
	REMAP_GROWN_MAYBE, /* or the program mapped more right below it, and then touched that; the region is there */
	REMAP_GROWN_GONE, /* the same, and it is gone */
	REMAP_GROWN,      /* the report came while the fault was handled */
};

/* What was found out about a batch, by record. */
struct remap_answers {
	bool found;                /* these are of the batch that was searched for last */
	size_t *region, *code;     /* 1 + the number of a region: of both lists, mapped first; 0: none */
	enum touch_memory *memory; /* of what it touched, as all below: */
	uint64_t *fresh_ns;        /* when it was newly mapped; 0: not known */
	bool *unreported;          /* no report of it has come, or is still kept */
	uint64_t *last_ns;         /* of the last report of it up to then; 0: there is none */
	bool *later;               /* there are later ones */
	enum remap_growth *growth;
	size_t region_cap, code_cap, memory_cap, fresh_cap, unreported_cap, last_cap, later_cap, growth_cap;
};

/* Regions that the model has been given for the moment. */
struct remap_shown {
	struct remap_shown_region {
		size_t number;       /* in both lists, mapped first */
		uint64_t id;         /* in the model */
		uint64_t start, end; /* the part of it that is gone */
	} * list;
	size_t count, cap;
};

struct remap {
	struct remap_list mapped; /* as perf reported */
	struct remap_list left;   /* that the model had: they are no longer in maps, or have become smaller */
	struct remap_list
	    brought;      /* regions that came without a report: their pages may not have been read yet */
	uint64_t lost_ns; /* of the clock: reports were lost, the last ones before that; 0: none */
	struct remap_span *spans;
	size_t span_cap;
	struct remap_answers answers;
	struct remap_shown shown;
};
void remap_fini(struct remap *);

/* Takes the mappings that a batch reports out of it: the batch has none after that. */
void remap_take(struct remap *, struct fault_batch *);
/* Reports of that time or earlier were lost. */
void remap_lose(struct remap *, uint64_t clock_ns);
/* Were reports lost, of mappings that are not forgotten yet? */
bool remap_has_lost(const struct remap *);
/* Was anything mapped after that? */
bool remap_mapped_since(const struct remap *, uint64_t clock_ns);
/* An event about regions, before the model takes it: remembers what the model had there. */
void remap_note(struct remap *, const struct event *, const struct space *, uint64_t clock_ns);
/* All pages of all regions have been read. */
void remap_note_read(struct remap *);
/* Was the region of the address brought without a report, and its pages not read since? */
bool remap_is_unread(const struct remap *, uint64_t address);
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
/* Was something mapped there before the record's fault, as far as reports go? */
bool remap_was_mapped(const struct remap *, size_t record);
/* When that memory was newly mapped, of the clock; 0: it was not, or not as far as is known. */
uint64_t remap_fresh_ns(const struct remap *, size_t record);
/* Did its region grow down to it? */
enum remap_growth remap_growth_of(const struct remap *, size_t record);
/* Has no report of what the record's fault touched come, or is none kept any more? */
bool remap_is_unreported(const struct remap *, size_t record);
/* All that was found out about the batch, for touches_apart. */
struct touch_past remap_past(const struct remap *);

/* What mremap can have moved out of sight: memory that was reported, or that the model had, and that is gone. */
enum remap_moved {
	REMAP_MOVED_UNKNOWN,  /* several kinds are among it */
	REMAP_MOVED_WRITABLE, /* all of it that can be written is private memory without a file */
	REMAP_MOVED_ALL,      /* all that can be accessed is */
};
/* *zero: the zero page was seen in it. */
enum remap_moved remap_moved(const struct remap *, const struct space *, bool *zero);

/* For the fault that is sent next: makes the model have the regions that it was in, and none of those that it
 * was not in. Sends EVENT_MAP and EVENT_UNMAP, with the time and process of `stamp`. SIZE_MAX, at the end:
 * removes all of them again. */
void remap_show(struct remap *, size_t record, const struct fault_batch *, const struct space *,
		struct sink *, const struct event *stamp);
/* Has the model any of them at present? Then what leaves it was not the process's. */
bool remap_is_showing(const struct remap *);

#endif
