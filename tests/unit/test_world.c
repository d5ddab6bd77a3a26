/* Events applied: regions, pages, since when, ghosts, processes, history, and the diff. */
#include "model_check.h"

#include "model/mapping.h"

#include <stdlib.h>
#include <string.h>

#include "compare/diff.h"

static void map(struct space *s, uint64_t id, struct region_attr attr, uint64_t now_ns)
{
	space_map(s, id, &attr, now_ns);
	struct run tile = { attr.start / PAGE, attr.end / PAGE, PAGE_RESERVED };
	space_set_pages(s, &tile, 1, now_ns);
}

static void set(struct space *s, uint64_t first, uint64_t end, uint32_t word, uint64_t now_ns)
{
	struct run tile = { first, end, word };
	space_set_pages(s, &tile, 1, now_ns);
}

static void finding(void **state)
{
	struct space *s = space_create(12);
	assert_null(space_find(s, 0));
	map(s, 3, check_anon(30, 40), 0);
	map(s, 1, check_anon(10, 20), 0);
	map(s, 2, check_anon(20, 25), 0);
	assert_int_equal(s->count, 3);
	assert_int_equal(s->next_id, 4);
	assert_null(space_find(s, 10 * PAGE - 1));
	assert_int_equal(space_find(s, 10 * PAGE)->id, 1);
	assert_int_equal(space_find(s, 20 * PAGE - 1)->id, 1);
	assert_int_equal(space_find(s, 20 * PAGE)->id, 2);
	assert_null(space_find(s, 25 * PAGE));
	assert_int_equal(space_find_index(s, 25 * PAGE), 2);
	assert_null(space_find(s, 40 * PAGE));
	assert_int_equal(space_find_index(s, 40 * PAGE), 3);
	assert_int_equal(space_find_id(s, 3)->attr.start, 30 * PAGE);
	assert_null(space_find_id(s, 4));

	uint64_t counts[PAGE_STATES] = { 0 };
	set(s, 12, 14, page_word(PAGE_ANON, PAGE_EXCLUSIVE), 0);
	space_add_region_counts(s, space_find_id(s, 1), counts);
	assert_int_equal(counts[PAGE_RESERVED], 8);
	assert_int_equal(counts[PAGE_ANON], 2);
	memset(counts, 0, sizeof counts);
	space_add_counts(s, counts);
	assert_int_equal(counts[PAGE_NONE], 0);
	assert_int_equal(counts[PAGE_RESERVED], 23);
	assert_int_equal(page_resident(counts), 2);
	space_destroy(s);
}

static void since_when(void **state)
{
	struct space *s = space_create(12);
	map(s, 1, check_anon(100, 200), 0);
	set(s, 100, 110, PAGE_ANON, 0);
	assert_int_equal(runs_max(s->since, 0, RUNS_END), 0); /* the first look */
	assert_int_equal(s->changed_ns, 0);

	set(s, 110, 112, PAGE_ANON, 1); /* less than a millisecond is not the first look */
	assert_int_equal(runs_at(s->since, 110).value, 1);

	/* one event, two changes, something old between */
	struct run tiles[] = { { 105, 107, PAGE_SWAP }, { 107, 115, PAGE_ANON }, { 115, 120, PAGE_ZERO } };
	space_set_pages(s, tiles, 3, 50 * MS);
	assert_int_equal(runs_at(s->since, 104).value, 0);
	assert_int_equal(runs_at(s->since, 105).value, 50);
	assert_int_equal(runs_at(s->since, 107).value, 0);
	assert_int_equal(runs_at(s->since, 111).value, 1);
	assert_int_equal(runs_at(s->since, 112).value, 50);
	assert_int_equal(runs_at(s->since, 119).value, 50);
	assert_int_equal(runs_at(s->since, 120).value, 0);
	assert_int_equal(s->changed_page, 119);
	assert_int_equal(s->changed_ns, 50 * MS);

	/* flags alone are no new state */
	set(s, 100, 105, page_word(PAGE_ANON, PAGE_SHARED), 60 * MS);
	assert_int_equal(runs_at(s->since, 100).value, 0);
	ASSERT_WORD(s, 100, page_word(PAGE_ANON, PAGE_SHARED));

	/* a new region is fresh, but nothing to follow */
	map(s, 2, check_anon(300, 310), 70 * MS);
	assert_int_equal(runs_at(s->since, 305).value, 70);
	assert_int_equal(s->changed_page, 119);

	space_unmap(s, 1, 0, 80 * MS);
	assert_int_equal(runs_max(s->since, 0, 300), 0);
	space_destroy(s);
}

/* That others fill or empty the page cache is nothing that this process does. */
static void page_cache_of_others(void **state)
{
	struct world *w = world_create();
	struct process *p = check_process(w, 1);
	struct run tile = { 100, 150, PAGE_RESERVED };
	struct event e = { .type = EVENT_MAP, .pid = 1, .time_ns = MS };

	e.region.id = 1;
	e.region.attr = check_file(100, 200, 7, 0);
	world_apply(w, &e);
	e = (struct event){ .type = EVENT_PAGES, .pid = 1, .time_ns = 2 * MS, .pages = { &tile, 1 } };
	world_apply(w, &e);
	uint64_t generation = w->generation, chased = p->space->changed_ns;

	tile.value = PAGE_CACHED;
	e.time_ns = 9 * MS;
	world_apply(w, &e);
	ASSERT_WORD(p->space, 120, PAGE_CACHED);
	assert_true(w->generation > generation); /* it is drawn, */
	assert_int_equal(p->course.changed_ns, 2 * MS);
	assert_int_equal(p->space->changed_ns, chased);
	assert_int_equal(runs_at(p->space->since, 120).value, 2);

	tile.value = PAGE_FILE; /* ... and this is its own doing */
	e.time_ns = 12 * MS;
	world_apply(w, &e);
	assert_int_equal(p->course.changed_ns, 12 * MS);
	assert_int_equal(p->space->changed_ns, 12 * MS);
	assert_int_equal(p->space->changed_page, 149);
	world_destroy(w);
}

/* The same page of a file in two regions; what a call gave, until it was taken away. */
static void links(void **state)
{
	struct space *s = space_create(12);
	struct calls calls = { 0 };
	struct event_call call = { .kind = CALL_MMAP, .start = 32 * PAGE, .end = 34 * PAGE };
	uint64_t twin;

	map(s, 1, check_file(10, 20, 7, 5), 0);
	map(s, 2, check_file(50, 60, 7, 12), 0);
	map(s, 3, check_file(70, 80, 8, 5), 0);
	map(s, 4, check_anon(30, 40), 0);
	assert_true(mapping_twin(s, 17, &twin)); /* page 12 of the file */
	assert_int_equal(twin, 50);
	assert_true(mapping_twin(s, 50, &twin));
	assert_int_equal(twin, 17);
	assert_false(mapping_twin(s, 16, &twin));
	assert_false(mapping_twin(s, 57, &twin)); /* beyond what the first one maps */
	assert_false(mapping_twin(s, 72, &twin)); /* another file */
	assert_false(mapping_twin(s, 33, &twin)); /* no file */
	assert_false(mapping_twin(s, 999, &twin));
	assert_null(mapping_call(&calls, 33 * PAGE));
	calls_add(&calls, 5, &call, 0, 0);
	assert_int_equal(mapping_call(&calls, 33 * PAGE)->time_ns, 5);
	assert_null(mapping_call(&calls, 34 * PAGE));
	call.kind = CALL_MADVISE; /* changes what is there, gives nothing */
	calls_add(&calls, 6, &call, 0, 0);
	assert_int_equal(mapping_call(&calls, 32 * PAGE)->time_ns, 5);
	call.kind = CALL_MUNMAP;
	call.error = 22;
	calls_add(&calls, 7, &call, 0, 0);
	assert_non_null(mapping_call(&calls, 32 * PAGE));
	call.error = 0;
	calls_add(&calls, 8, &call, 0, 0);
	assert_null(mapping_call(&calls, 32 * PAGE));
	calls_fini(&calls);
	space_destroy(s);
}

static void ghosts(void **state)
{
	struct space *s = space_create(12);
	map(s, 1, check_anon(10, 20), 0);
	map(s, 2, check_anon(30, 40), 0);
	map(s, 3, check_anon(50, 60), 0);
	uint64_t regions = s->region_generation;
	space_unmap(s, 1, 0, 1000 * MS);
	space_unmap(s, 3, 0, 2000 * MS);
	assert_true(s->region_generation > regions);
	assert_int_equal(s->count, 1);
	assert_int_equal(s->ghost_count, 2);
	assert_int_equal(s->ghosts[0]->id, 1);
	assert_int_equal(s->ghosts[0]->died_ns, 1000 * MS);
	assert_int_equal(space_find_id(s, 1)->id, 1);
	ASSERT_WORD(s, 15, PAGE_NONE);

	regions = s->region_generation;
	space_bury(s, 1000 * MS + SPACE_GHOST_NS);
	assert_int_equal(s->ghost_count, 2);
	assert_int_equal(s->region_generation, regions);
	space_bury(s, 1000 * MS + SPACE_GHOST_NS + 1);
	assert_int_equal(s->ghost_count, 1);
	assert_int_equal(s->ghosts[0]->id, 3);

	/* it gives way to what is mapped in its place, or grows into it */
	struct region_attr grown = check_anon(30, 51);
	space_change(s, 2, &grown, 3000 * MS);
	assert_int_equal(s->ghost_count, 0);

	space_unmap(s, 99, 0, 0); /* unknown: nothing */
	space_change(s, 99, &grown, 0);
	assert_int_equal(s->count, 1);
	space_destroy(s);
}

/* What a copy holds stays as it was. */
static void copying(void **state)
{
	struct space *s = space_create(12);
	map(s, 1, check_file(10, 20, 7, 0), 0);
	map(s, 2, check_anon(30, 40), 0);
	space_unmap(s, 2, 0, MS);
	struct space *copy = space_copy(s);
	space_clear(s);
	assert_int_equal(s->count + s->ghost_count, 0);
	assert_int_equal(runs_length(s->pages), 1);
	assert_int_equal(s->next_id, 3);
	assert_string_equal(copy->regions[0]->attr.path, "/tmp/file");
	assert_int_equal(copy->ghost_count, 1);
	ASSERT_WORD(copy, 10, PAGE_RESERVED);
	space_destroy(s);
	space_destroy(copy);
}

/* Unmapping clears the pages that no other region has. */
static void giving_up(void **state)
{
	struct space *s = space_create(12);
	map(s, 1, check_anon(0, 30), 0);
	set(s, 0, 30, PAGE_ANON, 0);
	struct region_attr middle = check_anon(10, 15), low = check_anon(0, 10), all = check_anon(0, 40);
	space_map(s, 2, &middle, 0);
	space_change(s, 1, &low, 0);
	ASSERT_WORD(s, 9, PAGE_ANON);
	ASSERT_WORD(s, 14, PAGE_ANON);
	ASSERT_WORD(s, 15, PAGE_NONE);
	assert_int_equal(runs_at(s->pages, 15).end, RUNS_END);

	/* merged: no ghost, no page lost */
	space_change(s, 1, &all, 0);
	space_unmap(s, 2, 0, MS);
	assert_int_equal(s->ghost_count, 0);
	ASSERT_WORD(s, 14, PAGE_ANON);
	space_destroy(s);
}

static void send(struct world *w, struct event e, int32_t pid, uint64_t time_ns)
{
	e.pid = pid;
	e.time_ns = time_ns;
	sink_send(&w->sink, &e);
}

/* Counts the regions before and after the world takes an event. */
struct witness {
	struct sink sink; /* first */
	const struct world *world;
	size_t before, after;
	unsigned count;
};

static void look_before(struct sink *sink, const struct event *e)
{
	struct witness *witness = (struct witness *)sink;

	witness->before = world_find(witness->world, e->pid)->space->count;
	witness->count++;
}

static void look_after(struct sink *sink, const struct event *e)
{
	struct witness *witness = (struct witness *)sink;

	witness->after = world_find(witness->world, e->pid)->space->count;
	witness->count++;
}

/* Wherever a sink is, it sees the world as it was, and then as the event says. */
static void order_of_sinks(void **state)
{
	struct world *w = world_create();
	struct witness witnesses[3];
	struct fanout inner, outer;
	struct event e = { .type = EVENT_MAP, .pid = 7, .time_ns = MS };

	check_process(w, 7);
	for (int i = 0; i < 3; i++)
		witnesses[i] = (struct witness){ { look_after, look_before }, w, 9, 9, 0 };
	witnesses[2].sink.take = NULL; /* either half may be missing */
	fanout_init(&inner, &w->sink);
	fanout_add(&inner, &witnesses[0].sink);
	fanout_add(&inner, NULL);
	fanout_init(&outer, &inner.sink);
	fanout_add(&outer, &witnesses[1].sink);
	fanout_add(&outer, &witnesses[2].sink);
	e.region.id = 1;
	e.region.attr = check_anon(10, 20);
	sink_send(&outer.sink, &e);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(witnesses[i].before, 0);
		assert_int_equal(witnesses[i].after, 1);
		assert_int_equal(witnesses[i].count, 2);
	}
	assert_int_equal(witnesses[2].before, 0);
	assert_int_equal(witnesses[2].count, 1);
	world_destroy(w);
}

static void quiet_world(void **state)
{
	struct world *w = world_create();
	struct process *p = check_process(w, 42), *other = check_process(w, 43);
	assert_int_equal(w->count, 2);
	assert_string_equal(p->identity.argv[1], "64");
	assert_null(world_find(w, 44));
	assert_true(process_alive(p));

	struct event counters = { .type = EVENT_COUNTERS,
				  .counters = { .minor = 100, .major = 2, .threads = 1, .state = 'S' } };
	struct event source = { .type = EVENT_SOURCE,
				.source = { .kind = SOURCE_FRAMES, .ok = false, .why = "not root" } };
	struct event status = { .type = EVENT_STATUS, .status = { .status = PROCESS_STOPPED, .code = 0 } };
	struct event tick = { .type = EVENT_TICK };
	struct event events[] = { counters, source, status, tick };
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		uint64_t before = w->generation;
		send(w, events[i], 42, 10 * MS);
		assert_true(w->generation > before);
		before = w->generation;
		send(w, events[i], 42, 20 * MS); /* the same again: no change */
		assert_int_equal(w->generation, before);
	}
	assert_int_equal(w->ticks, 2);
	assert_int_equal(w->now_ns, 20 * MS);
	assert_int_equal(p->counters.first.minor, 100);
	assert_int_equal(p->history.count, 1);
	assert_int_equal(history_at(&p->history, 0)->minor, 0);
	assert_string_equal(p->sources[SOURCE_FRAMES].why, "not root");
	assert_false(other->counters.known);

	counters.counters.minor = 130;
	send(w, counters, 42, 30 * MS);
	send(w, tick, 42, 30 * MS);
	assert_int_equal(history_at(&p->history, 0)->minor, 30);

	uint64_t before = w->generation;
	send(w, counters, 99, 30 * MS); /* an unknown process */
	assert_int_equal(w->generation, before);

	status.status.status = PROCESS_KILLED;
	status.status.code = 9;
	send(w, status, 42, 40 * MS);
	assert_false(process_alive(p));
	assert_int_equal(p->status_code, 9);

	struct event lost = { .type = EVENT_LOST, .lost = { .count = 5, .what = LOST_FAULTS } };
	send(w, lost, 42, 50 * MS);
	assert_int_equal(p->course.lost, 5);
	struct event output = { .type = EVENT_OUTPUT, .output = { .bytes = "hello\r\n", .len = 7 } };
	send(w, output, 42, 50 * MS);
	assert_string_equal(output_line(&p->output, 1), "hello");
	world_destroy(w);
}

static void exec(void **state)
{
	struct world *w = world_create();
	struct process *p = check_process(w, 42);
	struct event e = { .type = EVENT_MAP };
	e.region.id = 1;
	e.region.attr = check_anon(10, 20);
	send(w, e, 42, 0);
	struct event process = { .type = EVENT_PROCESS };
	process.process = (struct event_process){ .comm = "sh", .page_shift = 12, .bits = 32, .exec = true };
	send(w, process, 42, MS);
	assert_ptr_equal(world_find(w, 42), p);
	assert_int_equal(p->course.execs, 1);
	assert_int_equal(p->space->count, 0);
	assert_int_equal(p->space->next_id, 2);
	assert_string_equal(p->identity.comm, "sh");
	assert_string_equal(p->identity.exe, "");
	assert_null(p->identity.argv[0]);
	assert_int_equal(p->identity.bits, 32);
	world_destroy(w);
}

static void history(void **state)
{
	struct history h = { 0 };
	assert_null(history_at(&h, 0));
	assert_int_equal(history_note(&h, 0, 10, 0, 0), 1);
	assert_int_equal(history_note(&h, 100 * MS, 10, 0, 0), 0);
	assert_int_equal(history_note(&h, 200 * MS, 12, 3, 1), 1); /* within the period */
	assert_int_equal(h.count, 1);
	assert_int_equal(history_at(&h, 0)->resident, 12);
	assert_int_equal(history_at(&h, 0)->minor, 3);
	assert_int_equal(history_note(&h, 600 * MS, 14, 5, 1), 1);
	assert_int_equal(h.count, 2);
	assert_int_equal(history_at(&h, 0)->minor, 2);
	assert_int_equal(history_at(&h, 0)->quiet_ns, 0);
	assert_int_equal(history_at(&h, 1)->resident, 12);

	/* a quiet hour adds nothing; the next change has its length */
	for (uint64_t t = 1000; t < 3600000; t += 1000)
		assert_int_equal(history_note(&h, t * MS, 14, 5, 1), 0);
	assert_int_equal(history_note(&h, 3600000 * MS, 15, 5, 1), 1);
	assert_int_equal(history_at(&h, 0)->quiet_ns, (3600000 - 600 - 500) * MS);

	for (uint64_t i = 1; i <= 2 * HISTORY_SAMPLES; i++)
		history_note(&h, (3600000 + i * 500) * MS, i, 5 + i, 1);
	assert_int_equal(h.count, HISTORY_SAMPLES);
	assert_int_equal(history_at(&h, 0)->resident, 2 * HISTORY_SAMPLES);
	assert_int_equal(history_at(&h, HISTORY_SAMPLES - 1)->resident, HISTORY_SAMPLES + 1);
	assert_null(history_at(&h, HISTORY_SAMPLES));
	history_fini(&h);
}

static void differences(void **state)
{
	struct space *a = space_create(12);
	map(a, 1, check_anon(10, 20), 0);
	map(a, 2, check_anon(30, 40), 0);
	map(a, 3, check_anon(50, 60), 0);
	map(a, 4, check_anon(70, 80), 0);
	struct space *b = space_copy(a);
	set(b, 12, 15, PAGE_ANON, MS);                                    /* touched */
	space_unmap(b, 2, 0, MS);                                         /* gone */
	map(b, 5, check_anon(5, 8), MS);                                  /* new */
	set(b, 50, 60, page_word(PAGE_RESERVED, PAGE_CACHE_UNKNOWN), MS); /* flags only */
	struct region_attr grown = check_anon(70, 85);
	space_change(b, 4, &grown, MS);
	set(b, 80, 85, PAGE_RESERVED, MS);

	struct diff d;
	diff_spaces(&d, a, b);
	assert_int_equal(d.changed, 3 + 10 + 3 + 5);
	assert_int_equal(d.moves[PAGE_RESERVED][PAGE_ANON], 3);
	assert_int_equal(d.moves[PAGE_RESERVED][PAGE_NONE], 10);
	assert_int_equal(d.moves[PAGE_NONE][PAGE_RESERVED], 8);
	assert_int_equal(runs_at(d.changes, 13).value, PAGE_RESERVED << 4 | PAGE_ANON);
	assert_int_equal(runs_at(d.changes, 55).value, 0);

	assert_int_equal(d.count, 4);
	const struct diff_region *r = d.regions;
	assert_null(r[0].a);
	assert_int_equal(r[0].b->id, 5);
	assert_int_equal(r[0].changed, 3);
	assert_int_equal(r[1].b->id, 1);
	assert_false(r[1].attr_changed);
	assert_int_equal(r[1].changed, 3);
	assert_int_equal(r[1].was[PAGE_RESERVED], 10);
	assert_int_equal(r[1].now[PAGE_ANON], 3);
	assert_int_equal(r[2].a->id, 2);
	assert_null(r[2].b);
	assert_int_equal(r[2].changed, 10);
	assert_int_equal(r[3].b->id, 4);
	assert_true(r[3].attr_changed);
	assert_int_equal(r[3].changed, 5);
	diff_fini(&d);

	diff_spaces(&d, a, a);
	assert_int_equal(d.changed + d.count, 0);
	diff_fini(&d);
	space_destroy(a);
	space_destroy(b);
}

static void words(void **state)
{
	for (int i = 0; i < PAGE_STATES; i++) {
		assert_int_equal(page_state_parse(page_state_name(i)), i);
		assert_true(strlen(page_state_meaning(i)) > 3 && strlen(page_state_name(i)) <= 8);
	}
	assert_int_equal(page_state_parse("resident"), -1);
	for (int i = 0; i < REGION_KINDS; i++) {
		assert_int_equal(region_kind_parse(region_kind_name(i)), i);
		assert_true(strlen(region_kind_meaning(i)) > 3);
	}
	assert_int_equal(region_kind_parse(""), -1);
	for (int i = 0; i < SOURCE_KINDS; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(source_kind_name(i), source_kind_name(k));
	assert_string_equal(event_type_name(EVENT_UNMAP), "unmap");
	assert_int_equal(page_why(page_unknown(PAGE_WHY_OUTSIDE)), PAGE_WHY_OUTSIDE);
	assert_int_equal(page_state(page_unknown(PAGE_WHY_OUTSIDE)), PAGE_UNKNOWN);
	assert_null(page_flag_name(1 << 14));

	char perms[5];
	assert_string_equal(region_perms_text(perms, REGION_READ | REGION_EXEC), "r-xp");
	assert_string_equal(region_perms_text(perms, REGION_WRITE | REGION_MAY_SHARE), "-w-s");
	struct region_attr attr = { .path = "/usr/lib/libc.so.6" };
	assert_string_equal(region_name(&attr), "libc.so.6");
	attr.path = "[heap]";
	assert_string_equal(region_name(&attr), "[heap]");
	attr.path = "";
	assert_string_equal(region_name(&attr), "");
}

static int64_t grown(struct process *p, uint64_t first)
{
	return space_growth(p->space, space_find(p->space, first * PAGE));
}

static void at_pages(struct world *w, uint64_t ms, uint64_t first, uint64_t n, uint32_t word)
{
	struct run tile = { first, first + n, word };

	world_apply(
	    w, &(struct event){ .type = EVENT_PAGES, .pid = 7, .time_ns = ms * MS, .pages = { &tile, 1 } });
}

static void at_map(struct world *w, enum event_type type, uint64_t ms, uint64_t id, struct region_attr attr)
{
	world_apply(w, &(struct event){ .type = type, .pid = 7, .time_ns = ms * MS, .region = { id, attr } });
}

static void at_tick(struct world *w, uint64_t ms)
{
	world_apply(w, &(struct event){ .type = EVENT_TICK, .pid = 7, .time_ns = ms * MS });
}

/* From the first whole picture on; a region's by its addresses, so that splitting it counts nothing. */
static void growth(void **state)
{
	struct world *w = world_create();
	struct process *p = check_process(w, 7);
	int64_t all;

	(void)state;
	assert_false(process_growth(p, &all));
	at_map(w, EVENT_MAP, 0, 1, check_anon(0x100, 0x200));
	at_pages(w, 0, 0x100, 0x100, PAGE_RESERVED);
	at_pages(w, 0, 0x100, 0x40, PAGE_ANON);
	at_tick(w, 0);
	assert_true(process_growth(p, &all));
	assert_int_equal(all, 0);
	at_pages(w, 500, 0x180, 0x10, PAGE_ANON);
	at_pages(w, 500, 0x100, 4, PAGE_SWAP);
	at_pages(w, 500, 0x110, 4, PAGE_ANON | PAGE_EXCLUSIVE); /* it was there */
	at_tick(w, 500);
	assert_int_equal(grown(p, 0x100), 0x10 - 4);
	assert_true(process_growth(p, &all));
	assert_int_equal(all, 0x10 - 4);
	at_map(w, EVENT_MAP, 600, 2, check_anon(0x180, 0x200)); /* split in two */
	at_map(w, EVENT_CHANGE, 600, 1, check_anon(0x100, 0x180));
	assert_int_equal(grown(p, 0x100), -4);
	assert_int_equal(grown(p, 0x180), 0x10);
	at_map(w, EVENT_UNMAP, 700, 1, check_anon(0x100, 0x180));
	at_map(w, EVENT_MAP, 800, 3, check_anon(0x100, 0x180)); /* other memory at the same addresses */
	at_pages(w, 800, 0x100, 8, PAGE_ANON);
	at_tick(w, 800);
	assert_int_equal(grown(p, 0x100), 8);
	assert_true(process_growth(p, &all));
	assert_int_equal(all, 0x18 - 0x40);
	world_destroy(w);
}

static void growth_rate(void **state)
{
	struct world *w = world_create();
	struct process *p = check_process(w, 7);

	(void)state;
	at_map(w, EVENT_MAP, 0, 1, check_anon(0x1000, 0x9000));
	at_pages(w, 0, 0x1000, 0x8000, PAGE_RESERVED);
	at_tick(w, 0);
	assert_true(process_growth_rate(p, 100 * MS) == 0); /* too early to know */
	for (unsigned i = 1; i <= 40; i++) {                /* a hundred pages each half second */
		at_pages(w, i * 500, 0x1000 + (i - 1) * 100, 100, PAGE_ANON);
		at_tick(w, i * 500);
	}
	assert_in_range((int)process_growth_rate(p, 20000 * MS), 190, 210);
	assert_in_range((int)process_growth_rate(p, 22500 * MS), 90,
			110); /* half of the last seconds nothing came */
	assert_true(process_growth_rate(p, 60000 * MS) == 0);
	at_pages(w, 60000, 0x1000, 1000, PAGE_RESERVED);
	at_tick(w, 60000);
	assert_in_range(-(int)process_growth_rate(p, 60000 * MS), 190, 210);
	world_destroy(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(page_cache_of_others),
		cmocka_unit_test(links),
		cmocka_unit_test(finding),
		cmocka_unit_test(since_when),
		cmocka_unit_test(ghosts),
		cmocka_unit_test(copying),
		cmocka_unit_test(giving_up),
		cmocka_unit_test(quiet_world),
		cmocka_unit_test(exec),
		cmocka_unit_test(history),
		cmocka_unit_test(growth),
		cmocka_unit_test(growth_rate),
		cmocka_unit_test(differences),
		cmocka_unit_test(words),
		cmocka_unit_test(order_of_sinks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
