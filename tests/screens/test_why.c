/* The verdict against golden pictures and texts: of a program that leaks, with threads and all of the
 * kernel's figures; and of one without any of them. */
#include "unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/verdict_text.h"
#include "screens/scene_builder.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * KIB)
#define HEAP UINT64_C(0x55d2c1f0a000)
#define ARENA UINT64_C(0x7f1204000000)
#define STACK UINT64_C(0x7f1300000000)
#define LIBC UINT64_C(0x7f1400000000)
#define CODE UINT64_C(0x55d2c0a4f000)

static void apply(struct stage *s, struct event *e)
{
	e->pid = STAGE_PID;
	e->time_ns = s->now_ns;
	world_apply(s->world, e);
}

static void faults(struct stage *s, uint64_t address, uint64_t pages, uint64_t ip)
{
	for (uint64_t i = 0; i < pages; i++) {
		struct event e = { .type = EVENT_FAULT };

		e.fault = (struct event_fault){ .address = address + i * 4 * KIB,
						.ip = ip,
						.tid = STAGE_PID,
						.access = FAULT_WRITE,
						.cause = FAULT_ZERO_FILL,
						.was = PAGE_RESERVED,
						.now = PAGE_ANON };
		apply(s, &e);
	}
	stage_pages(s, address, pages, PAGE_ANON);
}

static void symbol(struct stage *s, uint64_t ip, const char *function, uint32_t line)
{
	struct code_frame frame = { function, "/src/leak.c", line };
	struct event e = { .type = EVENT_SYMBOL };

	e.symbol = (struct event_symbol){
		.ip = ip, .object = "/home/ann/leak", .section = "", .frames = &frame, .count = 1, .why = ""
	};
	apply(s, &e);
}

/* 40 MiB of heap, 36 of it by cache_insert in ten seconds; two arenas; the stacks of eight threads. */
static void leak(struct stage *s)
{
	static const char *const argv[] = { "./leak", "--fast", NULL };

	stage_init(s, argv);
	stage_map(s, CODE, 2, "r-xp", REGION_TEXT, "/home/ann/leak");
	stage_map(s, HEAP, 40 * MIB / 4096, "rw-p", REGION_HEAP, "[heap]");
	for (uint64_t i = 0; i < 2; i++) {
		stage_map(s, ARENA + i * 64 * MIB, MIB / 4096, "rw-p", REGION_ANON, "");
		stage_map(s, ARENA + i * 64 * MIB + MIB, 63 * MIB / 4096, "---p", REGION_ANON, "");
	}
	for (uint64_t i = 0; i < 8; i++) {
		stage_map(s, STACK + i * (8 * MIB + 4 * KIB), 1, "---p", REGION_ANON, "");
		stage_map(s, STACK + i * (8 * MIB + 4 * KIB) + 4 * KIB, 2048, "rw-p", REGION_ANON, "");
	}
	stage_map(s, LIBC, 512, "r-xp", REGION_TEXT, "/usr/lib/x86_64-linux-gnu/libc.so.6");
	stage_pages(s, CODE, 2, PAGE_FILE);
	stage_pages(s, LIBC, 300, PAGE_FILE);
	stage_pages(s, HEAP, MIB / 4096, PAGE_ANON);
	stage_tick(s);
	stage_at(s, 10000);
	faults(s, HEAP + MIB, 36 * MIB / 4096, CODE + 0x100);
	faults(s, ARENA, MIB / 4096, CODE + 0x200);
	faults(s, STACK + 8 * MIB, 4, CODE + 0x200);
	symbol(s, CODE + 0x100, "cache_insert", 31);
	symbol(s, CODE + 0x200, "worker", 12);
	stage_tick(s);
}

static struct region_sums sums_of(uint64_t start, uint64_t end, enum region_kind kind, uint64_t rss)
{
	struct region_sums sums = {
		.start = start, .end = end, .kind = (uint8_t)kind, .rss = rss, .pss = rss
	};

	if (kind == REGION_TEXT)
		sums.private_clean = rss;
	else
		sums.private_dirty = sums.anonymous = rss;
	return sums;
}

static void tell_figures(struct stage *s)
{
	struct region_sums sums[] = {
		sums_of(CODE, CODE + 8 * KIB, REGION_TEXT, 8 * KIB),
		sums_of(HEAP, HEAP + 40 * MIB, REGION_HEAP, 37 * MIB),
		sums_of(ARENA, ARENA + MIB, REGION_ANON, MIB),
		sums_of(STACK, STACK + 8 * MIB, REGION_ANON, 16 * KIB),
		sums_of(LIBC, LIBC + 2 * MIB, REGION_TEXT, 1200 * KIB),
	};
	static char cgroup[] = "/user.slice/leak.scope", no_nodes[] = "numa_maps: Permission denied";
	struct kernel_figures f;
	struct event e = { .type = EVENT_FIGURES, .figures = &f };

	kernel_figures_init(&f);
	f.values[KERNEL_RSS_PEAK] = 60 * MIB;
	f.values[KERNEL_PAGE_TABLES] = 180 * KIB;
	f.values[KERNEL_STACK_LIMIT] = 8 * MIB;
	f.values[KERNEL_REGIONS_MAX] = 65530;
	f.values[KERNEL_MACHINE_SWAP] = 0;
	f.values[KERNEL_CGROUP_CHARGE] = 90 * MIB;
	f.values[KERNEL_CGROUP_LIMIT] = 100 * MIB;
	f.values[KERNEL_CGROUP_ANON] = 45 * MIB;
	f.values[KERNEL_CGROUP_FILE] = 40 * MIB;
	f.values[KERNEL_CGROUP_PROCESSES] = 3;
	f.cgroup = cgroup;
	f.refused[FIGURES_NODES] = true;
	f.why[FIGURES_NODES] = no_nodes;
	sums[1].lazyfree = 4 * MIB;
	f.sums = sums;
	f.sums_count = sizeof sums / sizeof *sums;
	apply(s, &e);
}

static void check_text(const struct stage *s, void print(FILE *, const struct verdict *), const char *name)
{
	char path[512], *text = NULL, *golden = NULL;
	size_t len = 0, golden_len = 0;
	FILE *out = open_memstream(&text, &len), *in;
	struct verdict verdict;

	verdict_init(&verdict, NULL, s->process, s->now_ns, KERNEL_NONE);
	print(out, &verdict);
	verdict_fini(&verdict);
	fclose(out);
	snprintf(path, sizeof path, "%s/screens/golden/%s", TESTS_DIR, name);
	if (getenv("GENERATE")) {
		in = fopen(path, "w");
		assert_non_null(in);
		fputs(text, in);
		fclose(in);
	}
	in = fopen(path, "r");
	assert_non_null(in);
	assert_true(getdelim(&golden, &golden_len, '\0', in) > 0);
	fclose(in);
	assert_string_equal(text, golden);
	free(golden);
	free(text);
}

static void print_80(FILE *out, const struct verdict *v)
{
	verdict_print_text(out, v, 80);
}

static void tab(void **state)
{
	struct stage s;

	leak(&s);
	tell_figures(&s);
	stage_tab(&s, "why");
	stage_check(&s, 24, 80, "why-80x24");
	stage_check(&s, 36, 120, "why-120x36");
	s.view.tabs.shown->scroll = 12;
	s.ascii = s.mono = 1;
	stage_check(&s, 24, 80, "why-ascii-scrolled");
	stage_fini(&s);
}

static void text(void **state)
{
	struct stage s;

	leak(&s);
	check_text(&s, print_80, "why-unknown.text");
	tell_figures(&s);
	check_text(&s, print_80, "why.text");
	check_text(&s, verdict_print_markdown, "why.md");
	stage_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tab), cmocka_unit_test(text) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
