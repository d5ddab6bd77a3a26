/* One stream of events for two who take them. */
#ifndef EVENT_TEE_H
#define EVENT_TEE_H

#include "event/event.h"

struct tee {
	struct sink sink;            /* first: takes events, and hands them on */
	struct sink *first, *second; /* in this order; second may be NULL */
};

void tee_init(struct tee *, struct sink *first, struct sink *second);

#endif
