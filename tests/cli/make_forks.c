/* Makes a session of a process, 100, and its child, 200, which has copied three quarters of what they
 * shared: make_forks FILE. */
#include "cli/making.h"

#define PAGE 4096u
#define FIRST 0x3000u
#define PAGES 4096u

static struct making making;

static void begin(int32_t pid, uint64_t ms, int32_t parent)
{
	static const char *const argv[] = { "demo", NULL };
	struct region_attr attr = { .start = FIRST * PAGE,
				    .end = (FIRST + PAGES) * PAGE,
				    .perms = REGION_READ | REGION_WRITE,
				    .kind = REGION_ANON,
				    .path = "" };
	struct run tile = { FIRST, FIRST + PAGES, PAGE_ANON };

	making_send(&making, pid, ms,
		    (struct event){ .type = EVENT_PROCESS,
				    .process = { .argv = argv,
						 .comm = "demo",
						 .exe = "",
						 .bits = 64,
						 .page_shift = 12,
						 .address_bits = 48,
						 .parent = parent } });
	making_send(&making, pid, ms, (struct event){ .type = EVENT_MAP, .region = { 1, attr } });
	making_send(&making, pid, ms, (struct event){ .type = EVENT_PAGES, .pages = { &tile, 1 } });
}

int main(int argc, char **argv)
{
	static const struct event_forked forked = { .whole = true,
						    .known = true,
						    .stage = FORKED_COUNTED,
						    .shared = 2048,
						    .copied = 1536,
						    .by_child = 1500,
						    .by_parent = 36 };

	if (!making_begin(&making, argc, argv))
		return 1;
	begin(100, 0, 0);
	begin(200, 100, 100);
	making_send(&making, 200, 200, (struct event){ .type = EVENT_FORKED, .forked = forked });
	making_send(&making, 100, 300, (struct event){ .type = EVENT_TICK });
	making_send(&making, 200, 300, (struct event){ .type = EVENT_TICK });
	return making_end(&making);
}
