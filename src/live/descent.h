/* Where a process comes from: launched by us, found, or forked by a watched one. struct descent is plain
 * data, set by the code that opens the process. */
#ifndef LIVE_DESCENT_H
#define LIVE_DESCENT_H

#include "live/fault_reader.h"
#include "live/live_status.h"

struct descent {
	int32_t parent; /* the watched process that forked it; 0: none */
	/* the fault reader of the first of its family, whose rings see all forks; NULL: this is the first */
	struct fault_reader *elder;
	/* found after the watch had begun, because it was not held at its birth: it has already had faults */
	bool found;
};

/* If it was found: sends as lost how many faults it had before its rings were opened, which is the kernel's
 * count less what the rings have. */
void descent_send_unseen(const struct descent *, struct reader *, struct fault_reader *, struct watch *,
			 struct sink *);

/* What to report about the process when its identity is sent after an exec (`exec`), or for the first time
 * (`first`). */
struct status_origin descent_origin(const struct descent *, const struct live_program *, const struct watch *,
				    struct sink *, bool exec, bool first);

#endif
