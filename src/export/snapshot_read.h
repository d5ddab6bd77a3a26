/* Reads a snapshot back that was printed with --json --pages (pagescape.snapshot/1). */
#ifndef EXPORT_SNAPSHOT_READ_H
#define EXPORT_SNAPSHOT_READ_H

#include <stdio.h>

#include "base/err.h"
#include "event/event.h"

#define SNAPSHOT_READ_MAX ((size_t)32 << 20) /* bytes of a file: it becomes a tree in memory */

/* Sends the events that make an empty world show it, ending with a tick. Takes any bytes: what is no
 * snapshot is ERR_INPUT, and then a part of the events may have been sent. `shown` is the file's name,
 * printable. The time is as the snapshot has it, raw. What is not in a snapshot (reasons of unknown pages) is not known. */
int snapshot_read(FILE *, const char *shown, struct sink *, char time[static 32], struct err *);

#endif
