/* A Perfetto trace being written: packets, and names that are sent once and then have a number
 * (interning). See protos/perfetto/trace/ of Perfetto, trace_packet.proto first. */
#ifndef EXPORT_PERFETTO_TRACE_H
#define EXPORT_PERFETTO_TRACE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/strbuf.h"
#include "base/texts.h"
#include "export/perfetto.pb-c.h"

/* Each kind of name is numbered separately. */
enum perfetto_names {
	PERFETTO_CATEGORY,
	PERFETTO_EVENT,
	PERFETTO_ARGUMENT,
	PERFETTO_VALUE,
	PERFETTO_FUNCTION,
	PERFETTO_NAMES
};

/* Starts from zeroes but for `out`. */
struct perfetto_trace {
	FILE *out; /* the caller's */
	struct strbuf bytes;
	struct texts names[PERFETTO_NAMES];
	struct texts frames, callstacks; /* by their contents */
	bool begun;
};

/* Writes a packet, adding the fields that all packets have. */
void perfetto_trace_write(struct perfetto_trace *, Perfetto__TracePacket *);
/* The number of a name (UTF-8), which is sent if it is new. */
uint64_t perfetto_trace_name(struct perfetto_trace *, enum perfetto_names, const char *text);
/* The number of a stack frame of a function, PERFETTO_FUNCTION's number; line 0: not known. */
uint64_t perfetto_trace_frame(struct perfetto_trace *, uint64_t function, uint32_t line);
/* The number of a stack of such frames, outermost first. */
uint64_t perfetto_trace_callstack(struct perfetto_trace *, uint64_t *frames, size_t count);
void perfetto_trace_fini(struct perfetto_trace *);

#endif
