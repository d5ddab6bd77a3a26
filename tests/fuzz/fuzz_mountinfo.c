/* mountinfo: any bytes give device numbers of known types. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "kern/backing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct backing backing;

	backing_init(&backing, true);
	backing_parse_mountinfo(&backing, (const char *)data, size, -1);
	for (size_t i = 0; i < backing.count; i++)
		assert(backing.devices[i].type > BACKING_NONE && backing.devices[i].type <= BACKING_DEVICE);
	backing_fini(&backing);
	return 0;
}
