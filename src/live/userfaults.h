/* Which regions are registered with userfaultfd, where the program's own handler supplies the pages.
 *
 * Only smaps shows this, and it is expensive to read. So it is read while the process holds such a
 * descriptor, or if a fault looks as if a handler had served it: after the pages of each batch of faults, as
 * long as that takes no more than a quarter of the time. The state at a fault is known if the readings before
 * and after it agree:
 *
 *     reading           fault    reading
 *     not registered             not registered      not registered
 *     registered                 registered          registered
 *     not registered             registered          not known: before the fault or after it
 *     not there yet              not registered      not known: it may have been for a moment
 *     registered                 (not yet)           not known
 *
 * Still, memory may be registered and unregistered between two readings: what was not registered at both
 * counts as not registered in between, unless the fault took so long that a handler may have been asked
 * (live/fault_causes.c). */
#ifndef LIVE_USERFAULTS_H
#define LIVE_USERFAULTS_H

#include "event/event.h"
#include "kern/reader.h"

struct userfaults {
	struct userfault_regions {
		struct userfault_region {
			uint64_t start, end;
			uint8_t flags; /* enum region_userfault; 0: not registered */
		} * list;              /* all regions, by address */
		size_t count, registered;
		uint64_t began_ns, ended_ns; /* since the watch began: when it was read; 0: never */
	} known, past;                       /* as last read, and as read before that */
	bool held;            /* the process has a descriptor of userfaultfd, or regions are registered */
	bool asked;           /* asked about since it was last read */
	uint64_t again_ns;    /* CLOCK_MONOTONIC: not read again before that, unless its descriptors change */
	uint64_t descriptors; /* how many descriptors it had then; 0: the kernel does not report that */
};

void userfaults_fini(struct userfaults *);
/* After an exec nothing is registered. */
void userfaults_note(struct userfaults *, const struct event *);
/* Reads what is registered now (now_ns since the watch began), for a batch of faults. `suspected`: one of
 * them looks as if a handler had served it. */
void userfaults_read(struct userfaults *, struct reader *, uint64_t now_ns, bool suspected);
/* The same between faults, so that more is known of the next ones. */
void userfaults_look(struct userfaults *, struct reader *, uint64_t now_ns);
/* Can regions be registered, by the latest reading? */
bool userfaults_possible(const struct userfaults *);
/* Which faults at an address went to userfaultfd at that time (since the watch began): enum region_userfault;
 * 0: none, as far as is known. `region`: the one that the address was in, NULL: not known; `gone`: it is no
 * longer there. *unsure: that may have been different at that moment. */
uint8_t userfaults_at(struct userfaults *, uint64_t address, uint64_t time_ns,
		      const struct region_attr *region, bool gone, bool *unsure);

#endif
