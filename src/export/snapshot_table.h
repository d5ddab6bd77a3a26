/* A snapshot as a table, for people. */
#ifndef EXPORT_SNAPSHOT_TABLE_H
#define EXPORT_SNAPSHOT_TABLE_H

#include "export/snapshot.h"

/* Prints the process as the model has it, with what the options add. */
void snapshot_print_table(FILE *, const struct process *, const struct snapshot_options *);

#endif
