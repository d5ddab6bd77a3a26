/* A Perfetto trace being written: packets, and names that are sent once and then have a number
 * (interning). See protos/perfetto/trace/ of Perfetto, trace_packet.proto first. */
#ifndef EXPORT_PERFETTO_TRACE_H
#define EXPORT_PERFETTO_TRACE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/strbuf.h"
#include "export/perfetto.pb-c.h"

/* Each kind of name has numbers of its own. */
enum trace_names { TRACE_CATEGORY, TRACE_EVENT, TRACE_ARGUMENT, TRACE_VALUE, TRACE_FUNCTION, TRACE_NAMES };

struct trace_table {
	char **keys; /* number - 1 */
	size_t count, cap;
	struct hash hash;
};

/* Starts from zeroes but for `out`. */
struct trace {
	FILE *out; /* the caller's */
	struct strbuf bytes;
	struct trace_table names[TRACE_NAMES];
	struct trace_table frames, callstacks; /* by what they consist of */
	bool begun;
};

/* Writes a packet, to which everything that all packets have is added. */
void trace_write(struct trace *, Perfetto__TracePacket *);
/* The number of a name (UTF-8), which is sent if it is new. */
uint64_t trace_name(struct trace *, enum trace_names, const char *text);
/* The number of a frame of a function, TRACE_FUNCTION's number; line 0: not known. */
uint64_t trace_frame(struct trace *, uint64_t function, uint32_t line);
/* The number of a stack of frames, outermost first. */
uint64_t trace_callstack(struct trace *, uint64_t *frames, size_t count);
void trace_fini(struct trace *);

#endif
