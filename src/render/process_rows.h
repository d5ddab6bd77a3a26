/* The lines of the processes panel: a tree, each child below the one that forked it, and
 * below the process that is shown its threads. */
#ifndef RENDER_PROCESS_ROWS_H
#define RENDER_PROCESS_ROWS_H

#include <stddef.h>

#include "model/world.h"

struct process_row {
	const struct process *process;
	const struct thread *thread; /* a thread of it; NULL: the process itself */
	int depth;                   /* 0: its parent is not watched */
};

struct process_rows {
	struct process_row *rows;
	size_t count, cap;
};

/* Starts from zeroes. `shown` is the pid whose threads are listed if it has more than one; 0: none. The rows
 * point into the world. */
void process_rows_update(struct process_rows *, const struct world *, int32_t shown);
void process_rows_fini(struct process_rows *);

/* The processes alone, and the row of one of them; kept from picture to picture. Starts from zeroes. */
struct process_order {
	struct process_rows rows;
	uint64_t generation; /* the world's family_generation that the rows are of */
	int32_t pid;
	size_t at; /* the row of the process `pid`; the count: it has none */
};

/* Costs nothing if neither the family nor the pid has changed since the last call. Always pass the same
 * world. */
void process_order_update(struct process_order *, const struct world *, int32_t pid);
void process_order_fini(struct process_order *);

#endif
