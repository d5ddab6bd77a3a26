/* What the kernel did at a fault, and why, in one plain sentence. */
#ifndef RENDER_EXPLAIN_CAUSE_H
#define RENDER_EXPLAIN_CAUSE_H

#include "event/event.h"

/* The sentence, translated. If the cause is unknown: why it is. */
const char *explain_cause(const struct event_fault *);

#endif
