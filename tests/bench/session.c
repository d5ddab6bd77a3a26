/* session: what recording and opening a session costs, without a process to watch.
 *
 *   session write FILE EVENTS [PAGES [NS]]
 *                                 writes that many faults, like those of a program that walks
 *                                 through that many pages, in several places at once, one in so
 *                                 many nanoseconds; prints
 *                                 faults=N writer_ns=PER-FAULT bytes=PER-FAULT
 *   session open FILE             opens it for a replay, then jumps to 200 moments, three times
 *                                 each, of which the fastest counts; prints
 *                                 open_ms=N jump_ms=LONGEST median_ms=N peak_kib=N
 *   session processes FILE COUNT [LIVE]
 *                                 writes a family of so many processes, each with 20 regions,
 *                                 25 faults and 5 looks; at most so many, or all, live at a time
 *   session faults FILE NEW       writes its faults alone into NEW; prints
 *                                 faults=N bytes=PER-FAULT lost=N stacks=N
 *
 * Times are processor times. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "model/world.h"
#include "store/replay.h"
#include "store/session.h"
#include "store/writer.h"

#define SHIFT 12
#define PID 4242
#define BATCH 4096           /* faults between two ticks */
#define STREAMS 8            /* places that it walks through */
#define PAGES_USUAL 1048576  /* of all of them */
#define FAULT_NS_USUAL 10000 /* from one to the next, about: a hundred thousand a second */
#define FAMILY_REGIONS 20
#define FAMILY_LOOKS 5
#define FAMILY_FAULTS 5 /* in each look */
#define JUMPS 200
#define TIMES 3

static void die(const char *what)
{
	fprintf(stderr, "session: %s\n", what);
	exit(1);
}

static uint64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * CLOCK_SECOND + (uint64_t)now.tv_nsec;
}

static uint64_t random_next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return *state >> 33;
}

struct maker {
	struct world *world;
	struct sink *writer;
	uint64_t time_ns, random, writer_ns, faults, minor;
	uint64_t stream_pages; /* of each place */
	uint64_t fault_ns;     /* from one to the next, about */
	uint64_t at[STREAMS];  /* pages of each that were touched */
	struct event batch[BATCH];
};

static void send_as(struct maker *m, int32_t pid, struct event *e)
{
	e->pid = pid;
	e->time_ns = m->time_ns;
	world_apply(m->world, e);
	sink_send(m->writer, e);
}

static void send(struct maker *m, struct event *e)
{
	send_as(m, PID, e);
}

static uint64_t stream_start(const struct maker *m, size_t i)
{
	return UINT64_C(0x7f0000000) + i * 4 * m->stream_pages;
}

static void map_stream(struct maker *m, size_t i, enum event_type type)
{
	struct event e = { .type = type };
	struct run tile = { stream_start(m, i), stream_start(m, i) + m->stream_pages, PAGE_RESERVED };

	e.region.id = 1 + i + STREAMS * (m->faults / BATCH);
	if (type == EVENT_UNMAP) {
		const struct region *r = space_find(world_find(m->world, PID)->space, tile.first << SHIFT);

		e.region.id = r->id;
	}
	e.region.attr = (struct region_attr){ .start = tile.first << SHIFT,
					      .end = tile.end << SHIFT,
					      .perms = REGION_READ | REGION_WRITE,
					      .kind = REGION_ANON,
					      .path = "" };
	send(m, &e);
	if (type == EVENT_UNMAP)
		return;
	e = (struct event){ .type = EVENT_PAGES, .pages = { &tile, 1 } };
	send(m, &e);
	m->at[i] = 0;
}

static void begin(struct maker *m)
{
	static const char *const argv[] = { "walk", NULL };
	struct event e = { .type = EVENT_PROCESS };

	e.process = (struct event_process){ .argv = argv,
					    .comm = "walk",
					    .exe = "/bin/walk",
					    .bits = 64,
					    .page_shift = SHIFT,
					    .address_bits = 48 };
	send(m, &e);
	for (size_t i = 0; i < STREAMS; i++)
		map_stream(m, i, EVENT_MAP);
	e = (struct event){ .type = EVENT_TICK };
	send(m, &e);
}

/* The next page of one of the places, by one of forty instructions. */
static void make_fault(struct maker *m, struct event *e)
{
	size_t i = random_next(&m->random) % STREAMS;

	while (m->at[i] == m->stream_pages)
		i = (i + 1) % STREAMS;
	m->time_ns +=
	    (m->fault_ns / 2 + random_next(&m->random) % m->fault_ns) / FAULT_TIME_NS * FAULT_TIME_NS;
	*e = (struct event){ .type = EVENT_FAULT, .pid = PID, .time_ns = m->time_ns };
	e->fault = (struct event_fault){
		.address = (stream_start(m, i) + m->at[i]++) << SHIFT | (random_next(&m->random) % 4 * 16),
		.ip = 0x401000 + random_next(&m->random) % 40 * 37,
		.tid = PID + (int32_t)(i % 4),
		.inferred = true,
		.access = FAULT_WRITE,
		.cause = FAULT_ZERO_FILL,
		.was = PAGE_RESERVED,
		.now = PAGE_ANON,
	};
}

/* What a scan finds: the pages touched since the last one. */
static void send_pages(struct maker *m, const uint64_t *was)
{
	for (size_t i = 0; i < STREAMS; i++) {
		struct run tile = { stream_start(m, i) + was[i], stream_start(m, i) + m->at[i], PAGE_ANON };
		struct event e = { .type = EVENT_PAGES, .pages = { &tile, 1 } };

		if (tile.first < tile.end)
			send(m, &e);
	}
}

static bool all_touched(const struct maker *m)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < STREAMS; i++)
		pages += m->at[i];
	return pages + BATCH > STREAMS * m->stream_pages;
}

static void send_batch(struct maker *m)
{
	struct event tick = { .type = EVENT_TICK }, counters = { .type = EVENT_COUNTERS };
	uint64_t was[STREAMS], began;

	for (size_t i = 0; all_touched(m) && i < STREAMS; i++) {
		map_stream(m, i, EVENT_UNMAP);
		map_stream(m, i, EVENT_MAP);
	}
	memcpy(was, m->at, sizeof was);
	for (size_t i = 0; i < BATCH; i++)
		make_fault(m, &m->batch[i]);
	send_pages(m, was);
	for (size_t i = 0; i < BATCH; i++)
		world_apply(m->world, &m->batch[i]);
	m->faults += BATCH;
	counters.counters = (struct event_counters){ .minor = m->minor += BATCH, .threads = 4, .state = 'R' };
	began = cpu_ns();
	for (size_t i = 0; i < BATCH; i++)
		sink_send(m->writer, &m->batch[i]);
	send(m, &counters);
	send(m, &tick);
	m->writer_ns += cpu_ns() - began;
}

static struct session_writer *create(const char *path, const struct world *world)
{
	struct session_writer_options options = { .force = true, .page_shift = SHIFT, .world = world };
	struct err err = { 0 };
	struct session_writer *writer = session_writer_create(path, &options, &err);

	if (!writer)
		die(err.text);
	return writer;
}

static void finish(struct session_writer *writer, const char *path, struct stat *status)
{
	struct err err = { 0 };

	if (session_writer_close(writer, &err) < 0)
		die(err.text);
	if (stat(path, status) < 0)
		die("the file is not there");
}

static void write_session(const char *path, uint64_t events, uint64_t pages, uint64_t fault_ns)
{
	static struct maker m = { .random = 1 };
	struct session_writer *writer;
	struct stat status;

	m.stream_pages = pages / STREAMS;
	m.fault_ns = fault_ns;
	m.world = world_create();
	writer = create(path, m.world);
	m.writer = session_writer_sink(writer);
	begin(&m);
	while (m.faults < events)
		send_batch(&m);
	finish(writer, path, &status);
	printf("faults=%" PRIu64 " writer_ns=%.0f bytes=%.2f\n", m.faults,
	       (double)m.writer_ns / (double)m.faults, (double)status.st_size / (double)m.faults);
}

static void begin_member(struct maker *m, int32_t pid)
{
	static const char *const argv[] = { "member", NULL };
	struct event e = { .type = EVENT_PROCESS, .pid = pid };

	e.process = (struct event_process){ .argv = argv,
					    .comm = "member",
					    .exe = "/bin/member",
					    .bits = 64,
					    .page_shift = SHIFT,
					    .address_bits = 48,
					    .parent = pid == PID ? 1 : PID };
	send_as(m, pid, &e);
	for (uint64_t i = 0; i < FAMILY_REGIONS; i++) {
		e = (struct event){ .type = EVENT_MAP };
		e.region.id = 1 + i;
		e.region.attr =
		    (struct region_attr){ .start = UINT64_C(0x7f0000000000) + (i << 24),
					  .end = UINT64_C(0x7f0000000000) + (i << 24) + (64u << SHIFT),
					  .perms = REGION_READ | REGION_WRITE,
					  .kind = REGION_ANON,
					  .path = "" };
		send_as(m, pid, &e);
	}
}

static void look_at_member(struct maker *m, int32_t pid, uint64_t look)
{
	struct event tick = { .type = EVENT_TICK };

	m->time_ns += CLOCK_MS;
	for (uint64_t i = 0; i < FAMILY_FAULTS; i++) {
		uint64_t address = UINT64_C(0x7f0000000000) + (i << 24) + (look << SHIFT);
		uint64_t ips[] = { 0x401000 + i, 0x402000 + look, 0x403000 };
		struct run tile = { address >> SHIFT, (address >> SHIFT) + 1, PAGE_ANON };
		struct event e = { .type = EVENT_FAULT, .stack = { ips, 3, STACK_WHOLE, 0 } };

		e.fault = (struct event_fault){
			.address = address, .ip = ips[0], .tid = pid, .was = PAGE_RESERVED, .now = PAGE_ANON
		};
		send_as(m, pid, &e);
		e = (struct event){ .type = EVENT_PAGES, .pages = { &tile, 1 } };
		send_as(m, pid, &e);
	}
	send_as(m, pid, &tick);
}

/* One after another in rows of `live`. */
static void write_family(const char *path, int32_t count, int32_t live)
{
	static struct maker m;
	struct session_writer *writer;
	struct stat status;

	m.world = world_create();
	writer = create(path, m.world);
	m.writer = session_writer_sink(writer);
	for (int32_t from = 0; from < count; from += live) {
		int32_t end = from + live < count ? from + live : count;

		for (int32_t i = from; i < end; i++)
			begin_member(&m, PID + i);
		for (uint64_t look = 0; look < FAMILY_LOOKS; look++)
			for (int32_t i = from; i < end; i++)
				look_at_member(&m, PID + i, look);
		for (int32_t i = from; i < end; i++)
			send_as(&m, PID + i,
				&(struct event){ .type = EVENT_STATUS, .status = { PROCESS_EXITED, 0 } });
	}
	finish(writer, path, &status);
	printf("processes=%d bytes=%.0f\n", (int)count, (double)status.st_size / count);
}

static struct session *open_session(const char *path)
{
	struct err err = { 0 };
	struct session *session = session_open(path, &err);

	if (!session)
		die(err.text);
	return session;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static uint64_t peak_kib(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	uint64_t peak = 0;

	while (file && fgets(line, sizeof line, file))
		sscanf(line, "VmHWM: %" SCNu64, &peak);
	if (file)
		fclose(file);
	return peak;
}

static uint64_t jump(struct source *replay, struct world *world, uint64_t to_ns)
{
	uint64_t began = cpu_ns();

	if (replay->ops->time->seek(replay, &world->sink, to_ns, NULL) < 0)
		die("cannot be gone through");
	return cpu_ns() - began;
}

/* It is open once the first whole picture is there and its length is known. */
static void open_and_jump(const char *path)
{
	uint64_t began = cpu_ns(), times[JUMPS], random = 0;
	struct session *session = open_session(path);
	struct world *world = world_create();
	struct source *replay = replay_create(session, world, path, NULL);
	struct time_status at;

	if (replay->ops->sweep(replay, &world->sink, NULL) < 0)
		die("nothing is in it");
	replay->ops->time->status(replay, &at);
	began = cpu_ns() - began;
	memset(times, 0xff, sizeof times);
	for (size_t i = 0; i < JUMPS * TIMES; i++) {
		uint64_t *time = &times[i % JUMPS], took;

		if (i % JUMPS == 0)
			random = 7;
		took = jump(replay, world, (random_next(&random) << 31 | random_next(&random)) % at.end_ns);
		*time = took < *time ? took : *time;
	}
	qsort(times, JUMPS, sizeof *times, by_value);
	printf("open_ms=%.1f jump_ms=%.1f median_ms=%.1f peak_kib=%" PRIu64 "\n", (double)began / 1e6,
	       (double)times[JUMPS - 1] / 1e6, (double)times[JUMPS / 2] / 1e6, peak_kib());
	replay->ops->destroy(replay);
	world_destroy(world);
	session_close(session);
}

static void copy_faults(const char *from, const char *to)
{
	struct session *session = open_session(from);
	struct session_writer *writer = create(to, NULL);
	struct sink *sink = session_writer_sink(writer);
	uint64_t faults = 0, lost = 0, stacks = 0;
	struct event e;
	struct stat status;

	while (session_next(session, &e, NULL) == SESSION_EVENT) {
		lost += e.type == EVENT_LOST ? e.lost.count : 0;
		if (e.type != EVENT_FAULT)
			continue;
		sink_send(sink, &e);
		faults++;
		stacks += e.stack.count > 1;
	}
	session_close(session);
	if (!faults)
		die("there are no faults in it");
	finish(writer, to, &status);
	printf("faults=%" PRIu64 " bytes=%.2f lost=%" PRIu64 " stacks=%" PRIu64 "\n", faults,
	       (double)status.st_size / (double)faults, lost, stacks);
}

int main(int argc, char *argv[])
{
	if (argc >= 4 && argc <= 6 && !strcmp(argv[1], "write"))
		write_session(argv[2], strtoull(argv[3], NULL, 10),
			      argc > 4 ? strtoull(argv[4], NULL, 10) : PAGES_USUAL,
			      argc > 5 ? strtoull(argv[5], NULL, 10) : FAULT_NS_USUAL);
	else if (argc == 3 && !strcmp(argv[1], "open"))
		open_and_jump(argv[2]);
	else if ((argc == 4 || argc == 5) && !strcmp(argv[1], "processes") && atoi(argv[3]) > 0)
		write_family(argv[2], atoi(argv[3]),
			     argc == 5 && atoi(argv[4]) > 0 ? atoi(argv[4]) : atoi(argv[3]));
	else if (argc == 4 && !strcmp(argv[1], "faults"))
		copy_faults(argv[2], argv[3]);
	else
		return 2;
	return 0;
}
