/* Worlds, maps and words for the tests of the model. */
#ifndef TESTS_MODEL_CHECK_H
#define TESTS_MODEL_CHECK_H

#include "check.h"

#include "model/world.h"

#define PAGE 4096u
#define MS UINT64_C(1000000)

static inline struct process *check_process(struct world *w, int32_t pid)
{
	static const char *const argv[] = { "./demo", "64", NULL };
	struct event e = { .type = EVENT_PROCESS, .pid = pid };
	e.process = (struct event_process){ .argv = argv,
					    .comm = "demo",
					    .exe = "/tmp/demo",
					    .bits = 64,
					    .page_shift = 12,
					    .address_bits = 48 };
	world_apply(w, &e);
	return world_find(w, pid);
}

/* Pages [first, end) of private anonymous memory, writable. */
static inline struct region_attr check_anon(uint64_t first, uint64_t end)
{
	return (struct region_attr){ .start = first * PAGE,
				     .end = end * PAGE,
				     .perms = REGION_READ | REGION_WRITE,
				     .kind = REGION_ANON,
				     .path = "" };
}

/* Pages [first, end) of a file, from page `offset` of it on. */
static inline struct region_attr check_file(uint64_t first, uint64_t end, uint64_t inode, uint64_t offset)
{
	return (struct region_attr){ .start = first * PAGE,
				     .end = end * PAGE,
				     .offset = offset * PAGE,
				     .inode = inode,
				     .dev_major = 8,
				     .perms = REGION_READ,
				     .kind = REGION_FILE,
				     .path = "/tmp/file" };
}

#define ASSERT_WORD(space, page, word) assert_int_equal(runs_at((space)->pages, (page)).value, (word))

#endif
