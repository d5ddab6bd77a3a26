/* A snapshot as JSON (pagescape.snapshot/1), written and read. */
#ifndef EXPORT_SNAPSHOT_JSON_H
#define EXPORT_SNAPSHOT_JSON_H

#include "base/err.h"
#include "event/event.h"
#include "export/snapshot.h"

/* `time` is the wall clock's, ISO 8601. */
void snapshot_print_json(FILE *, const struct process *, const char *time, const struct snapshot_options *);

#define SNAPSHOT_READ_MAX ((size_t)32 << 20) /* bytes: the file becomes a tree in memory */

/* Reads a snapshot that was printed with pages, and sends events that rebuild it in an empty world, ending
 * with a tick. `shown` is the name of the file, printable; `time` becomes the snapshot's, raw. Reasons of
 * unknown pages are lost. The file may hold any bytes: returns -1 with ERR_INPUT if it is not a snapshot;
 * some of the events may have been sent by then. */
int snapshot_read(FILE *, const char *shown, struct sink *, char time[static 32], struct err *);

#endif
