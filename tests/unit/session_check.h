/* Made-up watches to record, and to compare with afterwards. */
#ifndef TESTS_SESSION_CHECK_H
#define TESTS_SESSION_CHECK_H

#include "model_check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/codec.h"
#include "store/session.h"
#include "store/writer.h"

#define SHIFT 12

/* A sink that keeps every event as bytes of its own, and hands it on. */
struct keep {
	struct sink sink; /* first */
	struct sink *first, *second;
	struct strbuf *events;
	size_t count, cap;
};

static inline void keep_take(struct sink *sink, const struct event *e)
{
	struct keep *k = (struct keep *)sink;
	struct coder coder = { .page_shift = SHIFT };
	struct coder_part parts[CODER_PARTS];
	struct strbuf records = { 0 }, *all;

	mem_grow(k->events, k->cap, k->count + 1);
	all = &k->events[k->count++];
	*all = (struct strbuf){ 0 };
	coder_put(&coder, &records, e);
	coder_finish(&coder, &records, parts);
	for (size_t i = 0; i < CODER_PARTS; i++)
		if (parts[i].len)
			strbuf_add(all, parts[i].bytes, parts[i].len);
	strbuf_fini(&records);
	coder_fini(&coder);
	if (k->first)
		sink_send(k->first, e);
	if (k->second)
		sink_send(k->second, e);
}

static inline void keep_fini(struct keep *k)
{
	for (size_t i = 0; i < k->count; i++)
		strbuf_fini(&k->events[i]);
	free(k->events);
}

/* Whether `whole` begins with `part`. */
static inline void check_prefix(const struct keep *part, const struct keep *whole)
{
	assert_true(part->count <= whole->count);
	for (size_t i = 0; i < part->count; i++) {
		assert_int_equal(part->events[i].len, whole->events[i].len);
		assert_memory_equal(part->events[i].text, whole->events[i].text, part->events[i].len);
	}
}

/* A watch of two processes, each with slots for regions of 64 pages. */
#define SLOTS 40
#define SLOT_PAGES 64
struct watch {
	struct sink *sink;
	uint64_t random, time_ns;
	uint64_t ids[2][SLOTS], next_id;
	struct event_counters counters[2];
};

static inline struct region_attr watch_attr(unsigned slot, unsigned pages)
{
	struct region_attr attr = check_anon(slot * 1000u + 16, slot * 1000u + 16 + pages);

	if (slot % 3 == 1)
		attr = check_file(slot * 1000u + 16, slot * 1000u + 16 + pages, slot, 3);
	if (slot == SLOTS - 1) { /* at the top, as vsyscall is */
		attr.start = UINT64_MAX - 0x9fffff;
		attr.end = attr.start + pages * PAGE;
		attr.kind = REGION_VSYSCALL;
	}
	return attr;
}

static inline void watch_send(struct watch *w, struct event *e, int process)
{
	e->pid = 100 + process * 4000000;
	e->time_ns = w->time_ns;
	sink_send(w->sink, e);
}

static inline void watch_pages(struct watch *w, int process, unsigned slot)
{
	struct run tiles[SLOT_PAGES];
	struct region_attr attr = watch_attr(slot, SLOT_PAGES);
	uint64_t at = attr.start / PAGE, end = attr.end / PAGE;
	struct event e = { .type = EVENT_PAGES };

	e.pages.tiles = tiles;
	while (at < end) {
		uint64_t n = 1 + check_random(&w->random) % 20;
		uint32_t state = 1 + check_random(&w->random) % (PAGE_STATES - 1);

		n = n < end - at ? n : end - at;
		tiles[e.pages.n++] = (struct run){ at, at + n, state | (check_random(&w->random) & 7u) << 4 };
		at += n;
	}
	watch_send(w, &e, process);
}

static inline void watch_region(struct watch *w, int process, unsigned slot)
{
	uint64_t *id = &w->ids[process][slot];
	struct event e = { .type = *id ? EVENT_CHANGE : EVENT_MAP };

	if (!*id)
		*id = ++w->next_id;
	else if (check_random(&w->random) % 3 == 0)
		e.type = EVENT_UNMAP;
	e.region.id = *id;
	e.region.attr = watch_attr(slot, SLOT_PAGES);
	if (e.type == EVENT_CHANGE)
		e.region.attr.perms ^= check_random(&w->random) & REGION_EXEC;
	watch_send(w, &e, process);
	if (e.type == EVENT_UNMAP)
		*id = 0;
	else
		watch_pages(w, process, slot);
}

static inline void watch_other(struct watch *w, int process)
{
	static const char output[] = "out\r\n\033[1mput";
	struct event e = { 0 };

	switch (check_random(&w->random) % 6) {
	case 5:
		e.type = EVENT_FAULT;
		e.fault = (struct event_fault){ .address = check_random(&w->random),
						.ip = UINT64_MAX - 7,
						.tid = 101,
						.major = check_random(&w->random) % 2,
						.inferred = true,
						.access = FAULT_WRITE,
						.cause = FAULT_REUSE,
						.was = PAGE_UNKNOWN,
						.now = PAGE_ANON | PAGE_HUGE };
		break;
	case 0:
		e.type = EVENT_OUTPUT;
		e.output.bytes = output;
		e.output.len = 1 + check_random(&w->random) % (sizeof output - 1);
		break;
	case 1:
		e = (struct event){ .type = EVENT_SOURCE,
				    .source = { .kind = SOURCE_FRAMES, .ok = false, .why = "not root" } };
		break;
	case 2:
		e = (struct event){ .type = EVENT_STATUS, .status = { PROCESS_PAUSED, -3 } };
		break;
	case 3:
		e = (struct event){ .type = EVENT_LOST, .lost = { 3, LOST_FAULTS } };
		break;
	case 4:
		e = (struct event){ .type = EVENT_MARK, .mark = { "look" } };
		break;
	}
	watch_send(w, &e, process);
}

static inline void watch_begin(struct watch *w)
{
	static const char *const argv[] = { "./demo", "", "\xff", NULL };
	struct event e = { .type = EVENT_PROCESS };

	e.process = (struct event_process){ .argv = argv,
					    .comm = "demo",
					    .exe = "/tmp/demo",
					    .bits = 64,
					    .page_shift = SHIFT,
					    .address_bits = 48,
					    .uid = 1000,
					    .launched = true };
	for (int process = 0; process < 2; process++)
		watch_send(w, &e, process);
}

/* One look at both: something has happened, and a tick. */
static inline void watch_look(struct watch *w)
{
	for (int process = 0; process < 2; process++) {
		struct event e = { .type = EVENT_COUNTERS };

		for (unsigned n = check_random(&w->random) % 4; n; n--)
			watch_region(w, process, check_random(&w->random) % SLOTS);
		watch_other(w, process);
		w->counters[process].minor += check_random(&w->random) % 1000;
		w->counters[process].threads = 1 + check_random(&w->random) % 3;
		w->counters[process].state = 'S';
		e.counters = w->counters[process];
		watch_send(w, &e, process);
		e = (struct event){ .type = EVENT_TICK };
		watch_send(w, &e, process);
	}
	w->time_ns += check_random(&w->random) % (100 * MS);
}

static inline char *check_path(const char *name)
{
	static char path[256];

	snprintf(path, sizeof path, "session-%d-%s", (int)getpid(), name);
	return path;
}

/* Records so many looks; what was recorded is in `keep`, and the world. */
static inline void check_record(const char *path, unsigned looks, uint64_t seed, uint64_t key_every,
				struct keep *keep, struct world *world)
{
	struct session_writer_options options = {
		.force = true, .page_shift = SHIFT, .world = world, .key_every = key_every
	};
	struct session_writer *writer = session_writer_create(path, &options, NULL);
	struct watch watch = { .sink = &keep->sink, .random = seed };

	assert_non_null(writer);
	*keep = (struct keep){ { .take = keep_take }, &world->sink, session_writer_sink(writer), NULL, 0, 0 };
	watch_begin(&watch);
	for (unsigned i = 0; i < looks; i++)
		watch_look(&watch);
	assert_int_equal(session_writer_close(writer, NULL), 0);
}

/* Reads to the end, or to the first event after `until_ns`. */
static inline enum session_result check_play(struct session *session, struct sink *sink, uint64_t until_ns)
{
	enum session_result result;
	struct event e;

	while ((result = session_next(session, &e, NULL)) == SESSION_EVENT && e.time_ns <= until_ns)
		sink_send(sink, &e);
	return result;
}

static inline char *check_slurp(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	char *bytes = mem_alloc(1 << 24);

	assert_non_null(file);
	*len = fread(bytes, 1, 1 << 24, file);
	fclose(file);
	return bytes;
}

/* A session of these bytes, opened; they lie in memory. */
static inline struct session *check_open_bytes(const char *bytes, size_t len, struct err *err)
{
	int fd = memfd_create("session", 0);
	struct session *session;
	char path[64];

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	session = session_open(path, err);
	close(fd);
	return session;
}

#endif
