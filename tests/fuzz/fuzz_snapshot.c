/* A snapshot read back: any bytes give events that the model takes, or are refused; what was
 * taken differs in nothing from itself. */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdio.h>

#include "export/snapshot_json.h"
#include "compare/compare.h"
#include "model/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	struct world *world = world_create();
	struct err err = { 0 };
	char time[32];

	if (file && snapshot_read(file, "file", &world->sink, time, &err) == 0) {
		const struct space *space = world->processes[0]->space;
		struct comparison c;

		compare_spaces(&c, space, space, true);
		assert(c.differing == 0 && c.count == space->count);
		compare_fini(&c);
	} else {
		assert(!file || *err.text);
	}
	if (file)
		fclose(file);
	world_destroy(world);
	return 0;
}
