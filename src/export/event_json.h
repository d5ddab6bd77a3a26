/* An event as a JSON object, as `export jsonl` and `faults --json` print it. The words are part of
 * the interface: see pagescape(1), EXPORT. */
#ifndef EXPORT_EVENT_JSON_H
#define EXPORT_EVENT_JSON_H

#include <jansson.h>

#include "base/strbuf.h"
#include "event/event.h"
#include "export/page_changes.h"
#include "model/world.h"

/* The flags to print such an object with: times have nanoseconds. */
#define EVENT_JSON_FLAGS (JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15))

/* Looks up names of code: find returns NULL if there is none. */
struct event_names {
	const struct event_symbol *(*find)(void *context, const struct process *, uint64_t ip);
	void *context;
};

/* A new object; NULL for events without one: pages (see below), ticks, symbols, source lines. `process`
 * is as it was before the event; NULL: not known. */
json_t *event_json(const struct event *, const struct process *, const struct event_names *);
/* The object of one change out of an EVENT_PAGES. */
json_t *event_json_pages(const struct event *, const struct space *, const struct page_change *);

/* The object of one stretch of pages that goes with an event. */
json_t *event_json_left(const struct event *, const struct space *, const struct event_left *);

/* The word for a page's state; "" if it is not known, or there was no page. */
const char *event_state_name(uint32_t word);

/* Makes the same objects for faults much faster: for programs that fault faster than objects can be built.
 * The caller destroys it. */
struct fault_json;
struct fault_json *fault_json_create(const struct event_names *);
void fault_json_destroy(struct fault_json *);
/* Appends the object of an EVENT_FAULT, without a newline. */
void fault_json_add(struct fault_json *, struct strbuf *out, const struct event *, const struct process *);
/* The same for an EVENT_THREAD: a server may start a thread for each request. */
void thread_json_add(struct strbuf *out, const struct event *);

#endif
