/* From what was read to what has changed: compares a reading with the model and
 * sends only the difference, as events. Regions get and keep their identity here.
 *
 * The first sink is the world that `process` belongs to: after each call the model
 * equals the reading. */
#ifndef MODEL_OBSERVE_H
#define MODEL_OBSERVE_H

#include "model/world.h"

/* A whole reading of maps, by start, not overlapping. New regions' pages begin as
 * PAGE_RESERVED (an EVENT_PAGES goes with the EVENT_MAP). Returns how many events. */
size_t observe_regions(const struct process *, struct sink *, uint64_t now_ns,
		       const struct region_attr *attrs, size_t n);

/* A reading of pages: tiles that follow one another. Only what differs is sent;
 * tiles outside of every region are left out. Reading the same twice does no harm.
 * Returns how many pages differ. */
uint64_t observe_pages(const struct process *, struct sink *, uint64_t now_ns,
		       const struct run *tiles, size_t n);

#endif
