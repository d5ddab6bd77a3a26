/* An event as a JSON object, as `export jsonl` and `faults --json` print it. The words are part of
 * the interface: see pagescape(1), EXPORT. */
#ifndef EXPORT_EVENT_JSON_H
#define EXPORT_EVENT_JSON_H

#include <jansson.h>

#include "event/event.h"
#include "export/page_changes.h"
#include "model/world.h"

/* How such an object is dumped: times have nanoseconds. */
#define EVENT_JSON_FLAGS (JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15))

/* Who knows the names of code. */
struct event_names {
	const struct event_symbol *(*find)(void *context, const struct process *, uint64_t ip); /* or NULL */
	void *context;
};

/* A new object, or NULL for what is told elsewhere: pages (see below), ticks, symbols and source lines. The
 * process as it was before the event; NULL: none of it is known. */
json_t *event_json(const struct event *, const struct process *, const struct event_names *);
/* Parts of an object of a fault: the region that it fell into, NULL for none; the function and the stack. */
void event_json_set_region(json_t *object, const struct region *);
void event_json_set_code(json_t *object, const struct event *, const struct process *,
			 const struct event_names *);
/* The object of a stretch of an EVENT_PAGES. */
json_t *event_json_pages(const struct event *, const struct space *, const struct page_change *);

/* Text of any bytes; an address as "0x7f12"; a place in the source as "demo.c:14". */
json_t *event_json_text(const char *bytes);
json_t *event_json_address(uint64_t address);

/* The word of a page's state; "" where it is not known, or where there was no page. */
const char *event_state_name(uint32_t word);

#endif
