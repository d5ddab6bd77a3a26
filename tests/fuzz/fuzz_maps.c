/* maps: any bytes give regions that make sense, or a line number. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "kern/kinds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct region_list list = { 0 };
	struct backing backing;
	uint64_t from = 0;

	backing_init(&backing, true);
	maps_parse(&list, (const char *)data, size, NULL);
	for (size_t i = 0; i < list.count; i++)
		backing_settle(&backing, &list.attrs[i]);
	if (!maps_in_order(&list))
		maps_force_order(&list);
	assert(maps_in_order(&list));
	kinds_set(&list, &backing);
	for (size_t i = 0; i < list.count; i++) {
		const struct region_attr *a = &list.attrs[i];

		assert(a->start < a->end && a->start >= from && a->kind < REGION_KINDS);
		assert(strlen(a->path) <= size);
		from = a->end;
	}
	region_list_fini(&list);
	backing_fini(&backing);
	return 0;
}
