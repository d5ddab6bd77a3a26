/* Makes a session of a process, 100, and its child, 200, which has copied three quarters of what they
 * shared: make_forks FILE. */
#include <stdio.h>

#include "store/writer.h"

#define PAGE 4096u
#define FIRST 0x3000u
#define PAGES 4096u

static struct sink *sinks[2];

static void send(int32_t pid, uint64_t ms, struct event e)
{
	e.pid = pid;
	e.time_ns = ms * 1000000;
	sink_send(sinks[0], &e);
	sink_send(sinks[1], &e);
}

static void begin(int32_t pid, uint64_t ms, int32_t parent)
{
	static const char *const argv[] = { "demo", NULL };
	struct region_attr attr = { .start = FIRST * PAGE,
				    .end = (FIRST + PAGES) * PAGE,
				    .perms = REGION_READ | REGION_WRITE,
				    .kind = REGION_ANON,
				    .path = "" };
	struct run tile = { FIRST, FIRST + PAGES, PAGE_ANON };

	send(pid, ms,
	     (struct event){ .type = EVENT_PROCESS,
			     .process = { .argv = argv,
					  .comm = "demo",
					  .exe = "",
					  .bits = 64,
					  .page_shift = 12,
					  .address_bits = 48,
					  .parent = parent } });
	send(pid, ms, (struct event){ .type = EVENT_MAP, .region = { 1, attr } });
	send(pid, ms, (struct event){ .type = EVENT_PAGES, .pages = { &tile, 1 } });
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
	struct world *world = world_create();
	struct session_writer_options options = { .force = true, .page_shift = 12, .world = world };
	struct session_writer *writer;
	struct err err = { 0 };

	if (argc != 2)
		return 2;
	writer = session_writer_create(argv[1], &options, &err);
	if (!writer) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	sinks[0] = &world->sink;
	sinks[1] = session_writer_sink(writer);
	begin(100, 0, 0);
	begin(200, 100, 100);
	send(200, 200, (struct event){ .type = EVENT_FORKED, .forked = forked });
	send(100, 300, (struct event){ .type = EVENT_TICK });
	send(200, 300, (struct event){ .type = EVENT_TICK });
	if (session_writer_close(writer, &err) < 0)
		return 1;
	world_destroy(world);
	return 0;
}
