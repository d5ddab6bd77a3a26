/* stat: any bytes are figures or make no sense. */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <ctype.h>

#include "kern/stat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct process_stat line;

	if (stat_parse((const char *)data, size, &line))
		assert(isalpha((unsigned char)line.counters.state));
	return 0;
}
