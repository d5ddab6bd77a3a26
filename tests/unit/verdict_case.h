/* A made-up process, and events that make it. */
#ifndef UNIT_VERDICT_CASE_H
#define UNIT_VERDICT_CASE_H

#include "unit/model_check.h"

#include "verdict/verdict.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * KIB)

static struct world *world;
static struct process *p;
static struct kernel_figures figures;
static uint64_t now_ns;

static int set_up(void **state)
{
	(void)state;
	world = world_create();
	now_ns = 0;
	p = check_process(world, 7);
	kernel_figures_init(&figures);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_destroy(world);
	figures.sums = NULL;
	figures.stacks = NULL;
	figures.nodes = NULL;
	kernel_figures_fini(&figures);
	return 0;
}

static inline void send(struct event *e)
{
	e->pid = 7;
	e->time_ns = now_ns;
	world_apply(world, e);
}

static inline void map(uint64_t start, uint64_t end, const char *perms, enum region_kind kind,
		       const char *path)
{
	struct event e = { .type = EVENT_MAP };

	e.region.id = start;
	e.region.attr = (struct region_attr){ .start = start, .end = end, .kind = kind, .path = path };
	e.region.attr.perms =
	    (uint8_t)((perms[0] == 'r' ? REGION_READ : 0) | (perms[1] == 'w' ? REGION_WRITE : 0) |
		      (perms[2] == 'x' ? REGION_EXEC : 0));
	send(&e);
}

static inline void anon(uint64_t start, uint64_t end, const char *perms)
{
	map(start, end, perms, REGION_ANON, "");
}

static inline void library(uint64_t start, const char *path)
{
	map(start, start + 64 * KIB, "r-x", REGION_TEXT, path);
}

static inline void pages(uint64_t start, uint64_t end, enum page_state state)
{
	struct run tile = { start / PAGE, end / PAGE, page_word(state, 0) };
	struct event e = { .type = EVENT_PAGES };

	e.pages.tiles = &tile;
	e.pages.n = 1;
	send(&e);
}

/* `caller`: on its stack; 0: its stack was not taken. */
static inline void fault_called(uint64_t address, uint64_t ip, uint64_t caller)
{
	struct event e = { .type = EVENT_FAULT };
	uint64_t ips[] = { ip, caller };

	if (caller)
		e.stack = (struct event_stack){ ips, 2, STACK_WHOLE, 0 };
	e.fault = (struct event_fault){ .address = address, .ip = ip, .tid = 7, .access = FAULT_WRITE };
	e.fault.was = page_word(PAGE_RESERVED, 0);
	e.fault.now = page_word(PAGE_ANON, 0);
	send(&e);
}

static inline void fault(uint64_t address, uint64_t ip)
{
	fault_called(address, ip, 0);
}

static inline void name_in(const char *object, uint64_t ip, const char *function, uint32_t line)
{
	struct code_frame frame = { function, "/src/leak.c", line };
	struct event e = { .type = EVENT_SYMBOL };

	e.symbol = (struct event_symbol){
		.ip = ip, .object = object, .section = "", .frames = &frame, .count = 1, .why = ""
	};
	send(&e);
}

static inline void name(uint64_t ip, const char *function, uint32_t line)
{
	name_in("/tmp/demo", ip, function, line);
}

static inline void tick(void)
{
	struct event e = { .type = EVENT_TICK };

	send(&e);
}

static inline void read_figures(void)
{
	struct event e = { .type = EVENT_FIGURES, .figures = &figures };

	send(&e);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

static inline const struct sentence *sentence(const struct verdict *v, enum sentence_kind kind)
{
	for (size_t i = 0; i < v->sentences_count; i++)
		if (v->sentences[i].kind == kind)
			return &v->sentences[i];
	return NULL;
}

#endif
