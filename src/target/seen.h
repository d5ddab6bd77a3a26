/* What readings of pages changed, kept until the faults of that time have been told: how the
 * pages were until then, and how they are since. */
#ifndef TARGET_SEEN_H
#define TARGET_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen_change {
	uint64_t first, end; /* pages */
	uint32_t was, now;
	uint64_t time_ns;    /* when it was seen, of the watch */
};

struct seen {
	struct seen_change *changes;
	size_t count, cap;
	size_t *parts;       /* where a reading begins: from there on pages ascend */
	size_t part_count, part_cap;
	bool overflow;       /* there were more than can be kept */
	uint64_t last_ns;    /* time of the last one */
};

void seen_fini(struct seen *);
void seen_add(struct seen *, const struct seen_change *);
/* Forgets the first `count` of seen->parts. */
void seen_drop(struct seen *, size_t count);
/* The first change of the page that was seen at or after time_ns; NULL for none. */
const struct seen_change *seen_since(const struct seen *, uint64_t page, uint64_t time_ns);

#endif
