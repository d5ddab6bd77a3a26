/* smaps: any bytes give entries that make sense, or a line number. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "kern/smaps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct region_sums *entries = NULL;
	size_t n = 0;

	smaps_parse(&entries, &n, (const char *)data, size);
	for (size_t i = 0; i < n; i++)
		assert(entries[i].start < entries[i].end);
	free(entries);
	return 0;
}
