/* Evicts, drops and writes back pages of the watched process, at the user's request. */
#ifndef LIVE_RECLAIMING_H
#define LIVE_RECLAIMING_H

#include "event/source.h"
#include "kern/reader.h"

/* Does `what` (CONTROL_EVICT, _DROP, _SYNC) with pages of one region, clipped to it, and fills pages->done
 * unless that is NULL. 0, or -1 with err: ERR_NOT_FOUND (no region there, or no file behind it), ERR_DENIED
 * and whatever else the call fails with. */
int reclaiming_do(struct reader *, int pidfd, enum control what, const struct control_pages *, struct err *);

#endif
