/* Where a process comes from: started from here, found, or forked by a watched one. struct descent is plain data, set by
 * whoever opens the process. */
#ifndef LIVE_DESCENT_H
#define LIVE_DESCENT_H

#include "live/fault_reader.h"
#include "live/live_status.h"

struct descent {
	int32_t parent; /* the watched process that forked it; 0: none */
	/* of the first of its family: its rings have all forks; NULL: this is the first */
	struct fault_reader *elder;
	/* after the watch had begun, because nobody held it at its birth: it has had faults already */
	bool found;
};

/* If it was found: sends as lost how many faults there were before its rings were opened: what the kernel has
 * counted and they do not have. */
void descent_send_unseen(const struct descent *, struct reader *, struct fault_reader *, struct watch *,
			 struct sink *);

/* What to report of the process when it is named as a new program (`exec`), or for the `first` time. */
struct status_origin descent_origin(const struct descent *, const struct live_program *, const struct watch *,
				    struct sink *, bool exec, bool first);

#endif
