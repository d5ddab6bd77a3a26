/* Makes a small session that claims much: make_claims KIND FILE. Without arguments it lists the
 * kinds. Each is well-formed: the only thing wrong is how much it claims. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "event/page.h"
#include "store/block.h"
#include "store/block_packer.h"
#include "store/bytes.h"
#include "store/codec.h"

#define PAGE 4096u
#define SHIFT 12
#define BLOCKS 18 /* of 4 MiB each: more than a small file may unpack to */
#define BLOCK_TARGET (4u << 20)

static int file;
static struct coder coder = { .page_shift = SHIFT };
static struct block_packer packer;
static struct strbuf raw;
static struct block block;
static uint64_t number; /* of the event, in all */
static char *text;      /* of the longest */

static void write_bytes(const void *bytes, size_t len)
{
	if (write(file, bytes, len) != (ssize_t)len) {
		perror("make_claims");
		exit(1);
	}
}

static void write_head(void)
{
	static const char texts[] = "machine\0host\0kernel\0claims";
	struct session_head head = { .version = SESSION_VERSION, .page_shift = SHIFT, .texts = sizeof texts };
	uint8_t bytes[SESSION_HEAD];

	head.crc = bytes_crc32c(0, texts, sizeof texts);
	head_put(bytes, &head);
	write_bytes(bytes, sizeof bytes);
	write_bytes(texts, sizeof texts);
}

/* Writes it so many times. */
static void write_blocks(enum block_type type, size_t times)
{
	struct coder_part parts[CODER_PARTS];

	coder_finish(&coder, &raw, parts);
	block.type = type;
	block.last_ns = UINT64_MAX / 2;
	if (!block_packer_pack(&packer, &block, parts, CODER_PARTS))
		exit(1);
	for (size_t i = 0; i < times; i++) {
		if (type == BLOCK_KEY)
			block.flags = (i == 0 ? BLOCK_FIRST : 0u) | (i + 1 == times ? BLOCK_LAST : 0u);
		block_put((uint8_t *)packer.bytes.text, &block);
		write_bytes(packer.bytes.text, packer.bytes.len);
	}
	strbuf_clear(&raw);
	coder_reset(&coder);
	block = (struct block){ 0 };
}

static void put(struct event e)
{
	block.events++;
	coder_put(&coder, &raw, &e);
}

static void put_process(int32_t pid, const char *const *argv)
{
	static const char *const none[] = { NULL };

	put((struct event){ .type = EVENT_PROCESS,
			    .pid = pid,
			    .process = { .argv = argv ? argv : none, .comm = "", .exe = "", .bits = 64 } });
}

static void put_tick(int32_t pid)
{
	put((struct event){ .type = EVENT_TICK, .pid = pid });
}

static void put_region(enum event_type type, uint64_t id, uint64_t page, const char *path)
{
	struct event e = { .type = type, .pid = 1 };

	e.region.id = id;
	e.region.attr = (struct region_attr){
		.start = page * PAGE, .end = (page + 1) * PAGE, .perms = REGION_READ, .kind = REGION_ANON
	};
	e.region.attr.path = (char *)path;
	put(e);
}

static void put_runs(void)
{
	static struct run tiles[CODER_TILES_MAX];
	uint64_t first = 1 + number % 1000000 * CODER_TILES_MAX;

	for (size_t i = 0; i < CODER_TILES_MAX; i++)
		tiles[i] = (struct run){ first + i, first + i + 1, i % 2 ? PAGE_ANON : PAGE_RESERVED };
	put((struct event){ .type = EVENT_PAGES, .pid = 1, .pages = { tiles, CODER_TILES_MAX } });
}

static void put_map(void)
{
	put_region(EVENT_MAP, number + 1, 1 + 2 * number, "");
}

static void put_map_down(void)
{
	put_region(EVENT_MAP, number + 1, (UINT64_C(1) << 40) - 2 * number, "");
}

static void put_map_unmap(void)
{
	put_region(number % 2 ? EVENT_UNMAP : EVENT_MAP, number / 2 + 1, 1 + 2 * (number / 2), "");
}

static void put_path(void)
{
	put_region(EVENT_MAP, number + 1, 1 + 2 * number, text + BYTES_TEXT_MAX - REGION_PATH_MAX);
}

static void put_some_process(void)
{
	put_process((int32_t)number + 1, NULL);
}

/* Each is the child of the one before. */
static void put_child(void)
{
	static const char *const none[] = { NULL };

	put((struct event){ .type = EVENT_PROCESS,
			    .pid = (int32_t)number + 2,
			    .process = { none, "", "", .bits = 64, .parent = (int32_t)number + 1 } });
}

/* Many children of one, which then writes to what it had in common with them; those come back, too. */
static void put_brood(void)
{
	static const char *const none[] = { NULL };
	struct run tile = { 1, 2, 1 };
	struct event e = { .type = EVENT_FAULT, .pid = 1 };

	if (number < 4000) {
		e = (struct event){ .type = EVENT_PROCESS, .pid = (int32_t)number + 2 };
		e.process = (struct event_process){ none, "", "", .bits = 64, .parent = 1 };
		put(e);
		put((struct event){ .type = EVENT_FORKED,
				    .pid = (int32_t)number + 2,
				    .forked = { .known = true, .stage = 2, .tiles = &tile, .n = 1 } });
		return;
	}
	e.fault =
	    (struct event_fault){ .address = PAGE, .tid = 1, .access = FAULT_WRITE, .cause = FAULT_COW_FORK };
	put(e);
}

static void put_process_with_fault(void)
{
	struct event e = { .type = EVENT_FAULT, .pid = (int32_t)number + 1 };
	uint64_t ip = number;

	put_process(e.pid, NULL);
	e.fault = (struct event_fault){ .address = PAGE, .ip = number, .tid = 1 };
	e.stack = (struct event_stack){ &ip, 1, STACK_WHOLE, 0 };
	put(e);
}

/* Ends, and another process gets its number. */
static void put_process_again(void)
{
	int32_t pid = number % 2 ? 2 : (int32_t)number / 2 + 3;
	static const char *const none[] = { NULL };

	put((struct event){
	    .type = EVENT_PROCESS, .pid = pid, .process = { none, "", "", .bits = 64, .parent = 1 } });
	if (pid == 2)
		put((struct event){ .type = EVENT_STATUS, .pid = pid, .status = { PROCESS_EXITED, 0 } });
}

static void put_named_process(void)
{
	const char *const argv[] = { text, text, NULL };

	put((struct event){
	    .type = EVENT_PROCESS, .pid = (int32_t)number + 1, .process = { argv, text, text, .bits = 64 } });
}

static void put_ended_process(void)
{
	put_process((int32_t)number + 1, NULL);
	put((struct event){
	    .type = EVENT_STATUS, .pid = (int32_t)number + 1, .status = { PROCESS_EXITED, 0 } });
}

static void put_ticks(void)
{
	put_tick(1);
}

/* Of a type that is not known, without a body. */
static void put_empty(void)
{
	strbuf_add(&raw, "\x63\0\0", 4);
	block.events++;
}

static void put_output(void)
{
	put((struct event){ .type = EVENT_OUTPUT, .pid = 1, .output = { text, 65536 } });
}

static void put_lines_of_output(void)
{
	static char lines[65536];

	memset(lines, '\n', sizeof lines);
	put((struct event){ .type = EVENT_OUTPUT, .pid = 1, .output = { lines, sizeof lines } });
}

static void put_fault(void)
{
	struct event e = { .type = EVENT_FAULT, .pid = 1 };

	e.fault = (struct event_fault){ .address = number << 12, .ip = number, .tid = 1 };
	put(e);
}

static void put_neighbours(void)
{
	struct event e = { .type = EVENT_FAULT, .pid = 1 + (int32_t)(number / 1000) };

	if (number % 1000 == 0)
		put_process(e.pid, NULL);
	e.fault = (struct event_fault){
		.address = number << 22, .tid = 1, .before = FAULT_AROUND_MAX, .after = FAULT_AROUND_MAX
	};
	put(e);
}

static void put_story(void)
{
	struct event e = { .type = EVENT_STORY, .pid = 1 };

	e.story = (struct event_story){ number * STORY_PAGES_MAX, STORY_PAGES_MAX, { .tid = 1 } };
	put(e);
}

static void put_stack(void)
{
	uint64_t ips[STACK_MAX];
	struct event e = { .type = EVENT_FAULT, .pid = 1, .stack = { ips, STACK_MAX, STACK_WHOLE, 0 } };

	for (size_t i = 0; i < STACK_MAX; i++)
		ips[i] = number + i;
	e.fault = (struct event_fault){ .address = 4096, .ip = number, .tid = 1 };
	put(e);
}

static void put_symbol(void)
{
	struct event e = { .type = EVENT_SYMBOL, .pid = 1 };

	e.symbol = (struct event_symbol){ .ip = number, .object = "", .section = "", .why = "" };
	put(e);
}

static void put_named_symbol(void)
{
	struct event e = { .type = EVENT_SYMBOL, .pid = 1 };
	struct code_frame frames[CODE_FRAMES_MAX];
	uint64_t ip = number;

	for (size_t i = 0; i < CODE_FRAMES_MAX; i++)
		frames[i] = (struct code_frame){ text + BYTES_TEXT_MAX / 16, "a.c", 1 };
	e.symbol = (struct event_symbol){ number, text, "", 0, frames, CODE_FRAMES_MAX, "" };
	put(e);
	e = (struct event){ .type = EVENT_FAULT, .pid = 1, .stack = { &ip, 1, STACK_WHOLE, 0 } };
	e.fault = (struct event_fault){ .address = PAGE, .ip = number, .tid = 1 };
	put(e);
}

static void put_call(void)
{
	uint64_t ips[STACK_MAX];
	struct event e = { .type = EVENT_CALL, .pid = 1, .stack = { ips, STACK_MAX, STACK_WHOLE, 0 } };

	for (size_t i = 0; i < STACK_MAX; i++)
		ips[i] = number + i;
	e.call = (struct event_call){
		.tid = 1, .kind = CALL_MUNMAP, .args = { PAGE, PAGE }, .start = PAGE, .end = 2 * PAGE
	};
	put(e);
}

static void put_left(void)
{
	struct event e = { .type = EVENT_LEFT, .pid = 1 };

	e.left =
	    (struct event_left){ number, number + 1, 1, PAGE_NONE, LEFT_OTHER, CALL_KINDS, 1, REGION_ANON };
	put(e);
}

static void put_profile(void)
{
	uint64_t ips[STACK_MAX];
	struct event e = { .type = EVENT_PROFILE, .pid = 1, .stack = { ips, STACK_MAX, STACK_WHOLE, 0 } };

	for (size_t i = 0; i < STACK_MAX; i++)
		ips[i] = number + i;
	e.profile = (struct event_profile){ number, 1, 0, 1, false };
	put(e);
}

static void put_copier(void)
{
	put((struct event){ .type = EVENT_COPIER, .pid = 1, .copier = { number, 1, true, true, "f", "o" } });
}

static void put_began(void)
{
	static struct run tiles[CODER_TILES_MAX];
	uint64_t first = 1 + number * 2 * CODER_TILES_MAX;

	for (size_t i = 0; i < CODER_TILES_MAX; i++)
		tiles[i] = (struct run){ first + 2 * i, first + 2 * i + 1, PAGE_ANON };
	put((struct event){
	    .type = EVENT_BEGAN, .pid = 1, .began = { number > 0, BEGAN_SEEN, 1, tiles, CODER_TILES_MAX } });
}

static void put_counters(void)
{
	put((struct event){
	    .type = EVENT_COUNTERS, .pid = 1, .time_ns = number, .counters = { number, 0, 1, 'R' } });
}

/* A region that grows and shrinks among many. */
static void put_change(void)
{
	struct event e = { .type = EVENT_CHANGE, .pid = 1 };

	if (number < 10000) {
		put_map();
		return;
	}
	e.region.id = 1;
	e.region.attr = (struct region_attr){ .start = PAGE,
					      .end = (2 + number % 2) * PAGE,
					      .perms = REGION_READ,
					      .kind = REGION_ANON,
					      .path = (char *)"" };
	put(e);
}

static void put_source(void)
{
	put((struct event){
	    .type = EVENT_SOURCE, .pid = 1, .source = { SOURCE_PAGEMAP, false, false, text } });
}

static void put_named_thread(void)
{
	put((struct event){
	    .type = EVENT_THREAD, .pid = 1, .thread = { .tid = (int32_t)number + 1, .name = text } });
}

static void put_note(void)
{
	put((struct event){ .type = EVENT_MARK, .pid = 1, .time_ns = number, .mark = { text } });
}

static void put_mark(void)
{
	put((struct event){ .type = EVENT_MARK, .pid = 1, .time_ns = number, .mark = { "" } });
}

/* Marks, each a moment of many processes. */
static void put_moment(void)
{
	if (number < 4000)
		put_process((int32_t)number + 1, NULL);
	else
		put_mark();
}

static void put_lines(void)
{
	put((struct event){
	    .type = EVENT_LINES, .pid = 1, .lines = { "a.c", (uint32_t)number * 100000, text } });
}

static void put_thread(void)
{
	put((struct event){
	    .type = EVENT_THREAD, .pid = 1, .thread = { .tid = (int32_t)number + 1, .name = "" } });
}

static void put_arguments(void)
{
	static const char *argv[1 << 20];

	for (size_t i = 0; i + 1 < sizeof argv / sizeof *argv; i++)
		argv[i] = "";
	put_process((int32_t)number + 1, argv);
}

static void put_sample(void)
{
	put((struct event){ .type = EVENT_SAMPLE, .pid = 1, .time_ns = number });
}

static const struct kind {
	const char *name;
	void (*put)(void);
	bool key; /* in a keyframe */
} kinds[] = {
	{ "runs", put_runs, false },
	{ "runs-key", put_runs, true },
	{ "maps", put_map, false },
	{ "maps-down", put_map_down, false },
	{ "maps-unmaps", put_map_unmap, false },
	{ "paths", put_path, false },
	{ "processes", put_some_process, false },
	{ "processes-key", put_some_process, true },
	{ "processes-ended", put_ended_process, false },
	{ "processes-again", put_process_again, false },
	{ "processes-named", put_named_process, false },
	{ "processes-faults", put_process_with_fault, false },
	{ "family", put_child, false },
	{ "brood", put_brood, false },
	{ "ticks", put_ticks, false },
	{ "counters", put_counters, false },
	{ "changes", put_change, false },
	{ "sources", put_source, false },
	{ "empty", put_empty, false },
	{ "output", put_output, false },
	{ "output-lines", put_lines_of_output, false },
	{ "faults", put_fault, false },
	{ "neighbours", put_neighbours, false },
	{ "stories", put_story, true },
	{ "stacks", put_stack, false },
	{ "calls", put_call, false },
	{ "left", put_left, false },
	{ "profile", put_profile, true },
	{ "copiers", put_copier, true },
	{ "began", put_began, true },
	{ "symbols", put_symbol, false },
	{ "symbols-named", put_named_symbol, false },
	{ "lines", put_lines, false },
	{ "threads", put_thread, false },
	{ "threads-named", put_named_thread, false },
	{ "marks", put_mark, false },
	{ "notes", put_note, false },
	{ "moments", put_moment, false },
	{ "arguments", put_arguments, false },
	{ "samples", put_sample, true },
};
#define KINDS (sizeof kinds / sizeof *kinds)

static void make(const struct kind *kind)
{
	write_head();
	put_process(1, NULL);
	put_region(EVENT_MAP, UINT64_MAX, UINT64_C(1) << 50, "");
	put_tick(1);
	write_blocks(BLOCK_EVENTS, 1);
	if (kind->key)
		put_process(1, NULL);
	for (; coder_size(&coder, &raw) < BLOCK_TARGET; number++)
		kind->put();
	put_tick(1);
	write_blocks(kind->key ? BLOCK_KEY : BLOCK_EVENTS, BLOCKS);
	put_tick(1);
	write_blocks(BLOCK_EVENTS, 1);
}

int main(int argc, char **argv)
{
	size_t i = 0;

	if (argc != 3) {
		for (; i < KINDS; i++)
			puts(kinds[i].name);
		return argc == 1 ? 0 : 2;
	}
	while (i < KINDS && strcmp(kinds[i].name, argv[1]) != 0)
		i++;
	file = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (i == KINDS || file < 0)
		return 2;
	text = mem_zalloc(BYTES_TEXT_MAX + 1);
	memset(text, 'x', BYTES_TEXT_MAX);
	make(&kinds[i]);
	free(text);
	coder_fini(&coder);
	block_packer_fini(&packer);
	strbuf_fini(&raw);
	return 0;
}
