/* Makes a session with known contents: make_session FILE. What the tests expect is noted beside
 * each event.
 *
 * Process 100 runs from 0 s, a program of main -> fill (inlined: store) -> memset; names come after the
 * faults. It becomes another by exec, and then the same addresses have other names. Process 200 is its
 * child. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/making.h"

#define PAGE 4096u
#define SECOND UINT64_C(1000000000)

static struct making making;
static int32_t pid = 100;

static void send(uint64_t ms, struct event e)
{
	making_send(&making, pid, ms, e);
}

static void process(uint64_t ms, const char *name, bool exec, int32_t parent)
{
	const char *const argv[] = { name, "a,\"b\"\n\033[1m", "\xff", NULL };

	send(ms, (struct event){ .type = EVENT_PROCESS,
				 .process = { .argv = argv,
					      .comm = name,
					      .exe = "",
					      .bits = 64,
					      .page_shift = 12,
					      .address_bits = 48,
					      .exec = exec,
					      .parent = parent } });
}

static struct region_attr anon(uint64_t first, uint64_t end)
{
	return (struct region_attr){ .start = first * PAGE,
				     .end = end * PAGE,
				     .perms = REGION_READ | REGION_WRITE,
				     .kind = REGION_ANON,
				     .path = "" };
}

static void map(uint64_t ms, enum event_type type, uint64_t id, struct region_attr attr)
{
	send(ms, (struct event){ .type = type, .region = { id, attr } });
}

static void pages(uint64_t ms, uint64_t first, uint64_t end, uint32_t word)
{
	struct run tile = { first, end, word };

	send(ms, (struct event){ .type = EVENT_PAGES, .pages = { &tile, 1 } });
}

static void fault(uint64_t ms, uint64_t page, unsigned after, const uint64_t *ips, size_t n,
		  enum stack_end end)
{
	send(ms, (struct event){ .type = EVENT_FAULT,
				 .fault = { .address = page * PAGE + 16,
					    .ip = ips[0],
					    .tid = pid,
					    .inferred = true,
					    .access = FAULT_WRITE,
					    .cause = FAULT_ZERO_FILL,
					    .was = PAGE_RESERVED,
					    .now = PAGE_ANON,
					    .after = (uint16_t)after },
				 .stack = { n > 1 ? ips : NULL, n > 1 ? n : 0, end, end ? 1 : 0 } });
}

static void symbol(uint64_t ms, uint64_t ip, const struct code_frame *frames, size_t n)
{
	send(ms, (struct event){ .type = EVENT_SYMBOL,
				 .symbol = { .ip = ip,
					     .object = "/bin/demo",
					     .section = "",
					     .offset = 44,
					     .frames = frames,
					     .count = n,
					     .why = "" } });
}

static void tick(uint64_t ms)
{
	send(ms, (struct event){ .type = EVENT_TICK });
}

static void first_program(void)
{
	static const uint64_t deep[] = { 0x30010, 0x30020, 0x30030 }, alone[] = { 0x30010 };
	static const struct code_frame memset_frame = { "memset", "", 0 },
				       main_frame = { "main", "demo.c", 31 };
	static const struct code_frame fill[] = { { "store", "demo.c", 7 },
						  { "fill;hostile\n", "demo.c", 14 } };
	struct region_attr text = { .start = 0x30000,
				    .end = 0x32000,
				    .perms = REGION_READ | REGION_EXEC,
				    .kind = REGION_TEXT,
				    .inode = 7,
				    .path = "/bin/de,m\"o\n" };
	struct region_attr memory = anon(0x100, 0x140);

	process(0, "demo", false, 0);
	map(0, EVENT_MAP, 1, text);
	pages(0, 0x30, 0x32, PAGE_FILE);
	map(0, EVENT_MAP, 2, memory);
	pages(0, 0x100, 0x140, PAGE_RESERVED);
	tick(0);
	fault(100, 0x100, 0, deep, 3, STACK_WHOLE); /* 1 page */
	pages(100, 0x100, 0x101, PAGE_ANON);
	fault(200, 0x110, 15, deep, 3, STACK_WHOLE); /* 16 pages */
	pages(200, 0x110, 0x120, PAGE_ANON);
	fault(300, 0x120, 0, alone, 1, STACK_WHOLE); /* 1 page, no stack */
	pages(300, 0x120, 0x121, PAGE_ANON | PAGE_EXCLUSIVE);
	symbol(310, 0x30010, &memset_frame, 1);
	symbol(320, 0x30020, fill, 2);
	symbol(330, 0x30030, &main_frame, 1);
	tick(350);
	memory.perms = REGION_READ;
	map(400, EVENT_CHANGE, 2, memory);
	memory.end -= 0x10 * PAGE;
	map(410, EVENT_CHANGE, 2, memory);
	send(420, (struct event){ .type = EVENT_CALL,
				  .call = { .tid = 100,
					    .kind = CALL_MUNMAP,
					    .args = { 0x130000, 65536 },
					    .start = 0x130000,
					    .end = 0x140000 },
				  .stack = { .ips = deep, .count = 2 } });
	send(430, (struct event){ .type = EVENT_MARK, .mark = { "here \033" } });
	send(440, (struct event){ .type = EVENT_LOST, .lost = { 7, LOST_FAULTS } });
	send(450, (struct event){ .type = EVENT_OUTPUT, .output = { "a\0b\xff\n", 5 } });
	send(460, (struct event){ .type = EVENT_THREAD, .thread = { .tid = 101, .name = "worker" } });
	send(470, (struct event){ .type = EVENT_STOP, .stop = { .why = STOP_ASKED } });
	tick(500);
}

static void second_program(void)
{
	static const uint64_t ips[] = { 0x30010, 0x30030 };
	static const struct code_frame other = { "other", "", 0 };

	process(600, "second", true, 0);
	map(600, EVENT_MAP, 3, anon(0x100, 0x110));
	pages(600, 0x100, 0x110, PAGE_RESERVED);
	fault(700, 0x101, 0, ips, 2, STACK_SAMPLE_ENDS); /* 1 page; cut; 0x30030 never gets a name */
	pages(700, 0x101, 0x102, PAGE_ANON);
	symbol(710, 0x30010, &other, 1);
	tick(750);
}

static void child(void)
{
	static const uint64_t alone[] = { UINT64_MAX - 7 };

	pid = 200;
	process(800, "child", false, 100);
	map(800, EVENT_MAP, 1, anon(0x200, 0x210));
	pages(800, 0x200, 0x210, PAGE_RESERVED);
	fault(810, 0x200, 0, alone, 1, STACK_WHOLE); /* 1 page, by the kernel */
	pages(810, 0x200, 0x201, PAGE_ANON);
	tick(820);
	map(830, EVENT_UNMAP, 1, anon(0x200, 0x210));
	send(840, (struct event){ .type = EVENT_STATUS, .status = { PROCESS_EXITED, 3 } });
	tick(850);
}

int main(int argc, char **argv)
{
	if (!making_begin(&making, argc, argv))
		return 1;
	first_program();
	second_program();
	child();
	return making_end(&making);
}
