/* Compares a reading with the model and sends only the difference, as events. This is where regions get and
 * keep their identity.
 *
 * The first sink is the world that `process` belongs to. After each call the model equals the reading. */
#ifndef MODEL_OBSERVE_H
#define MODEL_OBSERVE_H

#include "model/world.h"

/* Takes a whole reading of maps, sorted by start, not overlapping. Returns how many events it sent. Memory
 * that stays keeps its region's identity and its page words, however bounds move. Memory that was not there
 * before, or now belongs to a different object, begins as PAGE_RESERVED: one EVENT_PAGES for each range,
 * after the events of the regions. mremap to another address looks like munmap and mmap, and is shown as
 * these. */
size_t observe_regions(const struct process *, struct sink *, uint64_t now_ns,
		       const struct region_attr *attrs, size_t n);

/* Takes a reading of pages: tiles in order of address, gaps allowed. Only what differs is sent; tiles outside
 * all regions are left out. Reading the same again changes nothing. Returns how many pages differ. */
uint64_t observe_pages(const struct process *, struct sink *, uint64_t now_ns, const struct run *tiles,
		       size_t n);

#endif
