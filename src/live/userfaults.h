/* Which regions are registered with userfaultfd, where the program's own handler supplies the pages.
 *
 * Only smaps shows this, and it is expensive to read. So it is read if the process holds such a descriptor,
 * or if a fault looks as if a handler had served it: after the pages of each batch of faults, as long as that
 * takes no more than a tenth of the time, or half of it if there are new regions. Otherwise what was read
 * last counts, and for new regions it is not known. */
#ifndef LIVE_USERFAULTS_H
#define LIVE_USERFAULTS_H

#include "event/event.h"
#include "kern/reader.h"

struct userfaults {
	struct userfault_regions {
		struct region_sums *list; /* that are registered, by address */
		size_t count;
	} known, past;     /* as last read; as read before that, until they are due to be read again */
	bool held;         /* the process has a descriptor of userfaultfd, or regions were registered */
	uint64_t read_ns;  /* of the watch: when they were read last */
	uint64_t again_ns; /* of the clock: not read again before that, */
	uint64_t soon_ns;  /* or before that, if there are new regions */
};

void userfaults_fini(struct userfaults *);
/* After an exec nothing is registered. */
void userfaults_note(struct userfaults *, const struct event *);
/* Finds out what is registered now. newest_ns: when the newest region that was touched was first seen;
 * `suspected`: a fault looks as if a handler had served it. Times are the watch's. */
void userfaults_read(struct userfaults *, struct reader *, uint64_t now_ns, uint64_t newest_ns,
		     bool suspected);
/* Can a region that was first seen then be registered without our knowledge? */
bool userfaults_unsure(const struct userfaults *, uint64_t born_ns);
/* Which faults at an address go to userfaultfd: enum region_userfault; 0: none, as far as is known. *ended:
 * they did before it was last read, and no longer do. */
uint8_t userfaults_at(const struct userfaults *, uint64_t address, bool *ended);

#endif
