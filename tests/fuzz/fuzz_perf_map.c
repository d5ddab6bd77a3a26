/* Maps of code made at run time: any bytes give entries that can be looked up. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "symbol/perf_map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct perf_map *map = perf_map_parse((const char *)data, size);
	uint64_t address = 0, offset = 0;

	assert(perf_map_count(map) <= size);
	for (size_t i = 0; i + 8 <= size; i++) {
		const char *name = perf_map_find(map, address, &offset);

		assert(!name || (*name && strlen(name) < size && offset <= address));
		address = address << 8 | data[i];
	}
	for (uint64_t at = 0x7f1200000000; at < 0x7f1200008000; at += 8)
		perf_map_find(map, at, &offset);
	perf_map_find(map, UINT64_MAX, &offset);
	perf_map_free(map);
	return 0;
}
