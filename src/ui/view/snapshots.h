/* Two snapshots of a process and what differs: A was marked, B is what it was compared with. */
#ifndef UI_VIEW_SNAPSHOTS_H
#define UI_VIEW_SNAPSHOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/diff.h"
#include "model/space.h"

struct snapshots {
	struct space *a, *b; /* owned; NULL: not taken */
	uint64_t a_ns, b_ns;
	bool compared;
	struct diff diff; /* of A and B, where they were compared */
};

/* Takes A; what was taken before is forgotten. */
void snapshots_mark(struct snapshots *, const struct space *, uint64_t now_ns);
/* Takes B and compares it with A, which must be there. A stays for the next comparison. */
void snapshots_compare(struct snapshots *, const struct space *, uint64_t now_ns);
void snapshots_forget(struct snapshots *);

#endif
