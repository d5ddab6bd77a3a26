/* How each unit (export/html_plan.h) changes over time, and the faults: the second reading.
 *
 * Both lists are bounded. When there are many changes, later ones are sampled less often; when there are very
 * many faults, the first one of each unit is kept, and one in `every` of its others. */
#ifndef EXPORT_HTML_CHANGES_H
#define EXPORT_HTML_CHANGES_H

#include "export/export_names.h"
#include "export/flame.h"
#include "export/html_plan.h"
#include "model/world.h"

/* What these units look like from this time on: a state, and above it, in eighths, how much of the unit is
 * resident (8 of a page that is). */
struct unit_state {
	uint64_t time_ns;
	uint32_t unit, count;
	uint32_t order; /* order of arrival */
	uint8_t value;  /* state | eighths << 4; 0: no region here */
};

struct unit_fault {
	uint64_t time_ns;
	uint32_t unit, page; /* and which page of it, from its first one on */
	uint16_t before, after;
	uint8_t cause;                /* index in causes */
	uint8_t access;               /* enum fault_access, | 4: inferred, | 8: major */
	uint32_t thread, node, where; /* indices in threads, flame.nodes, code.names */
	uint32_t order;               /* in which it came */
	uint32_t stands; /* for this many faults: itself and those left out since the one before */
};

/* The number of a text, which is added if new; that of the first text if there are too many. */
uint32_t html_text(struct texts *, const char *text);

/* What each unit is shown as, and which of them may have changed since. */
struct units_shown {
	uint8_t *values;     /* of each unit, when last looked at: as in unit_state */
	uint32_t *region_of; /* of each unit: index in the plan */
	uint8_t *dirty;      /* of each unit: it is in dirty_list */
	uint32_t *dirty_list;
	size_t dirty_count;
	uint64_t flushed_ns; /* when all dirty ones were last looked at */
};

struct unit_states {
	struct unit_state *list;
	size_t count, cap;
	uint64_t coarse_ns; /* since when changes are looked for less often; UINT64_MAX: never */
};

/* The faults that are kept. */
struct unit_faults {
	struct unit_fault *list;
	size_t count, cap;
	uint64_t every; /* of a unit's faults after its first, one in so many is kept */
	uint32_t *left; /* of each unit: its faults since the last kept one, with a mark for having one */
};

/* Where faults came from: names of code, each looked up once. */
struct html_code {
	struct texts names;
	struct hash of_key; /* of an image and ip: number in keys */
	struct code_key *keys;
	size_t count, cap;
};

struct changes {
	const struct plan *plan;
	const struct world *world;
	const struct later_names *names;
	size_t seen; /* processes */
	struct units_shown shown;
	struct unit_states states;
	struct unit_faults faults;
	struct texts causes, threads; /* causes: "zero-fill\nseen\nsentence" */
	struct html_code code;
	struct flame flame;
};

/* The plan must be finished; plan, world and names stay the caller's. */
void changes_init(struct changes *, const struct plan *, const struct world *, const struct later_names *);
void changes_fini(struct changes *);
/* Takes an event before the world does. */
void changes_take(struct changes *, const struct event *);
/* Ends the reading; afterwards both lists are in order of time. */
void changes_end(struct changes *);

#endif
