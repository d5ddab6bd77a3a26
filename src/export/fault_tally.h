/* Faults counted by a name: of a function, a region, a file. */
#ifndef EXPORT_FAULT_TALLY_H
#define EXPORT_FAULT_TALLY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "event/event.h"

struct tally_row {
	char *name; /* printable */
	uint64_t minor, major;
	uint64_t pages; /* that they brought in */
};

struct fault_tally {
	struct tally_row *rows;
	size_t count, cap;
};

void fault_tally_add(struct fault_tally *, const char *name, const struct event_fault *);
/* The names with the most pages, under a heading; puts the rows in order. */
void fault_tally_print(struct fault_tally *, FILE *, const char *heading);
void fault_tally_fini(struct fault_tally *);

#endif
