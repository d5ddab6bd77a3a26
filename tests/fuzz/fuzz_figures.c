/* Texts of figures: status, limits, numa_maps, syscall, memory.stat; and, split at a zero byte, cgroup and
 * mountinfo. */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "kern/figures_text.h"

static void find_cgroup(const char *text, size_t size)
{
	const char *zero = memchr(text, '\0', size);
	const char *mountinfo = zero && zero < text + size ? zero + 1 : "";
	struct memory_cgroup place = { 0 };
	struct err err = { 0 };

	if (figures_parse_cgroup(text, mountinfo, &place, &err) == 0)
		assert(place.top <= place.directory.len && place.path.text[0] == '/');
	else
		assert(err.code);
	memory_cgroup_fini(&place);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_alloc(size + 1);
	struct kernel_figures f;
	uint64_t address = 1;

	memcpy(text, data, size);
	text[size] = '\0';
	kernel_figures_init(&f);
	figures_parse_status(text, &f);
	figures_parse_limits(text, &f);
	figures_parse_memory_stat(text, false, &f);
	figures_parse_memory_stat(text, true, &f);
	figures_parse_numa(text, &f);
	assert(f.nodes_count <= FIGURES_NODES_MAX);
	if (figures_parse_syscall(text, &address))
		assert(address);
	find_cgroup(text, size);
	kernel_figures_fini(&f);
	free(text);
	return 0;
}
