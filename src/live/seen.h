/* Changes that readings of pages found, kept until the faults of that time have been sent: how the pages were
 * before and after.
 *
 * A thread can be delayed after its page is mapped and before the kernel reports the fault. Then a reading
 * sees the page first, and the fault has a later time, or is reported long after its time. So changes are
 * kept for a while, as aged ones, after the faults of their time have been sent. */
#ifndef LIVE_SEEN_H
#define LIVE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen_change {
	uint64_t first, end; /* pages */
	uint32_t was, now;
	uint64_t time_ns; /* when it was seen, since the watch began */
};

struct seen {
	struct seen_change *changes;
	size_t count, cap;
	size_t *parts; /* indexes where a reading begins: within one, pages ascend */
	size_t part_count, part_cap;
	size_t aged;      /* how many of the first parts are kept only for such late faults */
	bool overflow;    /* there were more than can be kept */
	uint64_t last_ns; /* time of the last one */
};

void seen_fini(struct seen *);
/* Adds a change, the newest. If there are too many, sets `overflow` instead. */
void seen_add(struct seen *, const struct seen_change *);
/* The faults of the first `count` parts that are not aged have been sent: ages these parts. Forgets aged ones
 * from before before_ns. */
void seen_age(struct seen *, size_t count, uint64_t before_ns);
/* Has no change been kept? */
static inline bool seen_is_empty(const struct seen *s)
{
	return !s->count;
}
/* Are all changes that were seen at or after time_ns known? Not if there were too many to keep. */
static inline bool seen_is_whole(const struct seen *s, uint64_t time_ns)
{
	return !s->overflow || time_ns > s->last_ns;
}
/* How many parts are not aged. */
static inline size_t seen_fresh(const struct seen *s)
{
	return s->part_count - s->aged;
}
/* The first change of the page that was seen at or after time_ns or, in parts that are not aged, at any time;
 * NULL: none. */
const struct seen_change *seen_since(const struct seen *, uint64_t page, uint64_t time_ns);
const struct seen_change *seen_lately(const struct seen *, uint64_t page);
/* The last change that was seen before time_ns, of those not forgotten; NULL: none. */
const struct seen_change *seen_before(const struct seen *, uint64_t page, uint64_t time_ns);

#endif
