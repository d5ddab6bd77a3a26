/* Where a figure comes from: a facility of the kernel or of the processor, or a file. A new one is a row in
 * source_kind.c, and a code in the session file (store/codec_process.c). */
#ifndef EVENT_SOURCE_KIND_H
#define EVENT_SOURCE_KIND_H

#include <stdbool.h>

enum source_kind {
	SOURCE_MAPS,
	SOURCE_PAGEMAP,
	SOURCE_PAGEMAP_SCAN,
	SOURCE_PAGE_CACHE, /* mincore on our own mapping of the file */
	SOURCE_FRAMES,     /* frame numbers in pagemap */
	SOURCE_KPAGEFLAGS,
	SOURCE_KPAGECOUNT,
	SOURCE_COUNTERS, /* /proc/PID/stat */
	SOURCE_SMAPS,    /* on demand only */
	SOURCE_BYTES,    /* /proc/PID/mem, on demand only */
	SOURCE_SYMBOLS,  /* the ELF files behind regions */
	SOURCE_FAULTS,   /* perf events: each page fault */
	SOURCE_STACKS,   /* sampled with each fault */
	SOURCE_ACCESS,   /* a tracepoint: was it read, written or executed? Otherwise that is inferred */
	SOURCE_KINDS,
};

/* "pagemap_scan": the key in JSON, and with '-' the name of the --no-... option. */
const char *source_kind_name(enum source_kind);
/* What it provides: "page states", translated. */
const char *source_kind_gives(enum source_kind);
/* May it be switched off? Regions may not: without them nothing can be seen. */
bool source_kind_can_be_off(enum source_kind);
/* Does it need SOURCE_FAULTS? */
bool source_kind_with_faults(enum source_kind);

#endif
