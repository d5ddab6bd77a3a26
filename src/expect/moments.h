/* The marks that a program has reached, and how many faults there had been by then. */
#ifndef EXPECT_MOMENTS_H
#define EXPECT_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

struct world;

/* Marks that are not in the source: before the program's first instruction, when it has ended, and the latest
 * mark. */
#define MOMENT_START "start"
#define MOMENT_END "end"
#define MOMENT_LAST "last"

struct moment_process {
	int32_t pid;
	uint64_t logged;  /* faults in its log: the number of the next */
	uint64_t counted; /* by the kernel, since the watch began */
};

struct moment {
	char *name; /* owned */
	struct moment_process *processes;
	size_t count;
};

/* In order of time. Zeroes are none. */
struct moments {
	struct moment *list;
	size_t count, cap;
};

/* Adds a mark that was reached now, and the counts of each process in the world. */
void moments_add(struct moments *, const char *name, const struct world *);
/* The last one of that name; "last": the last of all. NULL: there is none. */
const struct moment *moments_find(const struct moments *, const char *name);
/* The counts of a process at that moment; all zero if it did not exist yet. */
struct moment_process moment_of(const struct moment *, int32_t pid);
void moments_fini(struct moments *);

#endif
