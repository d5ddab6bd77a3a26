/* Pages that went, for the page for a browser: which units, when, and why. The list is bounded: its end is dropped,
 * and counted. */
#ifndef EXPORT_HTML_LEFT_H
#define EXPORT_HTML_LEFT_H

#include "export/html_changes.h"
#include "export/html_pack.h"

/* Pages of these units went. */
struct unit_left {
	uint64_t time_ns;
	uint32_t unit, count;
	uint32_t reason; /* index in reasons */
};

struct html_left {
	struct unit_left *list; /* in order of time */
	size_t count, cap;
	uint64_t dropped;     /* more that went than the list takes */
	struct texts reasons; /* "munmap\nby this call" */
};

/* Takes an event before the world does, and after `changes` has taken it, which knows the processes. */
void html_left_take(struct html_left *, const struct changes *, const struct event *);
/* As columns: left_time (microseconds since begin_ns), left_unit, left_count, left_reason. */
void html_left_pack(const struct html_left *, struct pack *, uint64_t begin_ns);
void html_left_fini(struct html_left *);

#endif
