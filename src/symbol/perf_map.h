/* Names of code made at run time (JIT): /tmp/perf-PID.map, defined by perf and written by Java, V8, .NET,
 * PyPy and others.
 *
 *     7f12a0000000 1f0 LazyCompile:~fill /home/u/fill.js:14       start, size in hex, name
 *
 * If entries overlap, the later one counts: code is discarded and its memory reused. */
#ifndef SYMBOL_PERF_MAP_H
#define SYMBOL_PERF_MAP_H

#include <stddef.h>
#include <stdint.h>

struct perf_map;

/* Never fails: malformed lines are skipped. Accepts any bytes. The caller ends it with perf_map_free. */
struct perf_map *perf_map_parse(const char *bytes, size_t len);
void perf_map_free(struct perf_map *);

/* The raw name of the code at an address, owned by the map; NULL: none. *offset is from its start. */
const char *perf_map_find(const struct perf_map *, uint64_t address, uint64_t *offset);
size_t perf_map_count(const struct perf_map *);

#endif
