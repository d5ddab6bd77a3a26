/* The course of a whole recording in a few hundred points, and all its marks: what a timeline shows before
 * any of it was played. Made by reading the events once, a little at a time; only regions, pages and names
 * are kept. */
#ifndef STORE_OVERVIEW_H
#define STORE_OVERVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "event/source.h"
#include "model/later_names.h"
#include "model/marks.h"
#include "store/gaps.h"
#include "store/session.h"

struct overview;

/* Opens the session's file once more, and has a track of its own: nothing that is found here changes what others can
 * read. NULL where the file cannot be opened. Marks are added to `marks`, gaps to `gaps`; both stay the caller's. */
struct overview *overview_create(const struct session *, struct marks *marks, struct gaps *gaps);
void overview_destroy(struct overview *);
/* Takes in what was written since. */
void overview_refresh(struct overview *);
/* Goes on for about so long; returns whether there is more to go through. */
bool overview_step(struct overview *, uint64_t budget_ns);
bool overview_done(const struct overview *);
/* Names of code, as far as it has read; valid until it is destroyed. */
const struct later_names *overview_names(const struct overview *);
size_t overview_points(const struct overview *, int32_t pid, const struct time_point **);

#endif
