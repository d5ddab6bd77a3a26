/* Makes a session of a process, 100, that frees nearly all it had before it ends: make_freed FILE. */
#include "cli/making.h"

#define PAGE 4096u
#define FIRST 0x3000u
#define PAGES 4096u
#define LEFT 16u
#define PID 100

static struct making making;

static void hold(uint64_t ms, uint32_t pages)
{
	struct run tiles[] = { { FIRST, FIRST + pages, PAGE_ANON },
			       { FIRST + pages, FIRST + PAGES, PAGE_RESERVED } };

	making_send(&making, PID, ms,
		    (struct event){ .type = EVENT_PAGES, .pages = { tiles, pages < PAGES ? 2 : 1 } });
	making_send(&making, PID, ms, (struct event){ .type = EVENT_TICK });
}

int main(int argc, char **argv)
{
	static const char *const args[] = { "demo", NULL };
	struct region_attr attr = { .start = FIRST * PAGE,
				    .end = (FIRST + PAGES) * PAGE,
				    .perms = REGION_READ | REGION_WRITE,
				    .kind = REGION_ANON,
				    .path = "" };

	if (!making_begin(&making, argc, argv))
		return 1;
	making_send(&making, PID, 0,
		    (struct event){ .type = EVENT_PROCESS,
				    .process = { .argv = args,
						 .comm = "demo",
						 .exe = "",
						 .bits = 64,
						 .page_shift = 12,
						 .address_bits = 48 } });
	making_send(&making, PID, 0, (struct event){ .type = EVENT_MAP, .region = { 1, attr } });
	hold(1000, PAGES);
	hold(3000, LEFT);
	making_send(&making, PID, 4000,
		    (struct event){ .type = EVENT_STATUS, .status = { .status = PROCESS_EXITED } });
	return making_end(&making);
}
