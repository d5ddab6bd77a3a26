/* The kernel's own figures: the files that hold them, and their way to a session and back. */
#include "unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "event/figures.h"
#include "kern/figures_text.h"
#include "kern/smaps.h"
#include "store/codec.h"

static void test_status(void **state)
{
	struct kernel_figures f;

	kernel_figures_init(&f);
	figures_parse_status(
	    "Name:\tVmPTE: 7 kB\nVmSize:\t    3060 kB\nVmLck:\t       0 kB\nVmHWM:\t 1720 kB\n"
	    "VmPTE:\t      48 kB\nVmSwap:\tmany\n",
	    &f);
	assert_int_equal(f.values[KERNEL_SIZE], 3060 * 1024);
	assert_int_equal(f.values[KERNEL_RSS_PEAK], 1720 * 1024);
	assert_int_equal(f.values[KERNEL_PAGE_TABLES], 48 * 1024);
	assert_int_equal(f.values[KERNEL_LOCKED_SIZE], 0);
	assert_true(f.values[KERNEL_SWAPPED] == KERNEL_UNKNOWN);
	assert_true(f.values[KERNEL_RSS] == KERNEL_UNKNOWN);
	figures_parse_limits("Limit                     Soft Limit           Hard Limit           Units\n"
			     "Max stack size            8388608              unlimited            bytes\n",
			     &f);
	assert_int_equal(f.values[KERNEL_STACK_LIMIT], 8388608);
	figures_parse_limits("Max stack size            unlimited            unlimited            bytes\n",
			     &f);
	assert_true(f.values[KERNEL_STACK_LIMIT] == KERNEL_NONE);
	kernel_figures_fini(&f);
}

static void test_numbers_saturate(void **state)
{
	uint64_t number = 0;

	assert_true(figures_text_number("a 18446744073709551615\n", "a", &number));
	assert_true(figure_known(number));
	assert_true(figures_text_number("a: 18446744073709551615 kB", "a", &number));
	assert_true(figure_known(number));
	assert_false(figures_text_number("ab: 1\n", "a", &number));
	assert_false(figures_text_number("a", "a", &number));
}

static void test_nodes(void **state)
{
	struct kernel_figures f;

	kernel_figures_init(&f);
	assert_true(
	    figures_parse_numa("55c1e3a6d000 default file=/usr/bin/N0=9 mapped=2 N0=2 kernelpagesize_kB=4\n"
			       "7f0000000000 default anon=512 dirty=512 N1=3 N0=1 kernelpagesize_kB=2048\n",
			       &f));
	assert_int_equal(f.nodes_count, 2);
	assert_int_equal(f.nodes[0], 2 * 4096 + 2048 * 1024);
	assert_int_equal(f.nodes[1], 3 * 2048 * 1024);
	assert_false(figures_parse_numa("1000 default N4096=1 kernelpagesize_kB=4\n", &f));
	assert_false(figures_parse_numa("1000 default N1=x\n", &f));
	kernel_figures_fini(&f);
}

static void test_stack_pointers(void **state)
{
	uint64_t address = 0;

	assert_true(figures_parse_syscall(
	    "232 0x5 0x7ffd1c0a7a60 0x20 0xffffffff 0x0 0x0 0x7ffd1c0a7a58 0x7f0b2c8fa0d6\n", &address));
	assert_true(address == UINT64_C(0x7ffd1c0a7a58));
	assert_true(figures_parse_syscall("-1 0x7ffd1c0a7a58 0x7f0b2c8fa0d6\n", &address));
	assert_true(address == UINT64_C(0x7ffd1c0a7a58));
	assert_false(figures_parse_syscall("running\n", &address));
	assert_false(figures_parse_syscall("0 0x0 0x0", &address));
	assert_false(figures_parse_syscall("", &address));
}

/* What directory is found, or why none is. */
static const char *place(const char *cgroup, const char *mountinfo)
{
	static char text[sizeof((struct err *)NULL)->text];
	struct memory_cgroup p = { 0 };
	struct err err = { 0 };

	if (figures_parse_cgroup(cgroup, mountinfo, &p, &err) == 0)
		snprintf(text, sizeof text, "%s %s %zu", p.legacy ? "v1" : "v2", p.directory.text, p.top);
	else
		snprintf(text, sizeof text, "%s", err.text);
	memory_cgroup_fini(&p);
	return text;
}

#define MOUNT_V2 "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n"
#define MOUNT_CPU "32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n"
#define MOUNT_V1 "35 31 0:32 /part /sys/fs/my\\040cgroup rw shared:9 - cgroup cgroup rw,memory\n"

static void test_cgroups(void **state)
{
	assert_string_equal(place("0::/user.slice/a.scope\n", MOUNT_CPU MOUNT_V2),
			    "v2 /sys/fs/cgroup/user.slice/a.scope 14");
	assert_string_equal(place("0::/\n", MOUNT_V2), "v2 /sys/fs/cgroup 14");
	assert_string_equal(place("9:name=systemd:/x\n4:cpu,memory:/part/b\n0::/y\n", MOUNT_V2 MOUNT_V1),
			    "v1 /sys/fs/my cgroup/b 17");
	assert_string_equal(place("4:memory:/party\n", MOUNT_V1), "its memory cgroup is not mounted here");
	assert_string_equal(place("0::/../x\n", MOUNT_V2),
			    "its memory cgroup lies outside of our cgroup namespace");
	assert_string_equal(place("4:memoryx:/a\n", MOUNT_V1), "the process is in no memory cgroup");
	assert_string_equal(place("", ""), "the process is in no memory cgroup");
	assert_string_equal(place("0::/a\n", "31 23 0:28 /\n"), "its memory cgroup is not mounted here");
}

static void test_memory_stat(void **state)
{
	struct kernel_figures f;

	kernel_figures_init(&f);
	figures_parse_memory_stat("anon 1556480\nfile 12\nkernel 77\nfile_mapped 3\n", false, &f);
	assert_int_equal(f.values[KERNEL_CGROUP_ANON], 1556480);
	assert_int_equal(f.values[KERNEL_CGROUP_FILE], 12);
	assert_int_equal(f.values[KERNEL_CGROUP_MAPPED], 3);
	assert_int_equal(f.values[KERNEL_CGROUP_KERNEL], 77);
	figures_parse_memory_stat("rss 1\ntotal_rss 5\ntotal_cache 6\n", true, &f);
	assert_int_equal(f.values[KERNEL_CGROUP_ANON], 5);
	assert_int_equal(f.values[KERNEL_CGROUP_FILE], 6);
	assert_true(f.values[KERNEL_CGROUP_MAPPED] == KERNEL_UNKNOWN);
	kernel_figures_fini(&f);
}

static void test_sums(void **state)
{
	static const char text[] =
	    "1000-3000 rw-p 00000000 00:00 0 \nRss: 8 kB\nShared_Clean: 1 kB\n"
	    "Shared_Dirty: 2 kB\nPrivate_Clean: 3 kB\nPrivate_Dirty: 4 kB\n"
	    "Anonymous: 8 kB\nLazyFree: 4 kB\nAnonHugePages: 2 kB\nFilePmdMapped: 1 kB\n"
	    "VmFlags: rd wr lo gd \n";
	struct region_sums *sums = NULL;
	size_t count = 0;

	assert_int_equal(smaps_parse(&sums, &count, text, sizeof text - 1), 0);
	assert_int_equal(count, 1);
	assert_int_equal(sums->shared_clean, 1024);
	assert_int_equal(sums->shared_dirty, 2048);
	assert_int_equal(sums->private_clean, 3 * 1024);
	assert_int_equal(sums->private_dirty, 4096);
	assert_int_equal(sums->anonymous, 8192);
	assert_int_equal(sums->lazyfree, 4096);
	assert_int_equal(sums->huge, 3 * 1024);
	assert_true(sums->is_locked);
	assert_true(sums->grows_down);
	assert_int_equal(sums->kind, REGION_KINDS);
	free(sums);
}

/* Figures that are all different, so that none can take another's place. */
static void fill(struct kernel_figures *f, struct region_sums *sums, struct stack_pointer *stacks,
		 uint64_t *nodes)
{
	static char cgroup[] = "/a", why[] = "no nodes";

	for (int i = 0; i < KERNEL_FIGURES; i++)
		f->values[i] = 1000 + (uint64_t)i;
	f->values[KERNEL_RSS] = KERNEL_UNKNOWN;
	f->values[KERNEL_CGROUP_LIMIT] = KERNEL_NONE;
	f->values[KERNEL_SIZE] = KERNEL_NONE - 3;
	f->cgroup = cgroup;
	f->refused[FIGURES_NODES] = true;
	f->why[FIGURES_NODES] = why;
	sums[0] = (struct region_sums){ .start = 4096, .end = 8192, .kind = REGION_KINDS };
	sums[1] = (struct region_sums){ .start = 1 << 20,
					.end = 2 << 20,
					.rss = 1024,
					.pss = 2048,
					.swap = 3072,
					.locked = 4096,
					.hugetlb = 5120,
					.anonymous = 6144,
					.lazyfree = 7168,
					.huge = 8192,
					.shared_clean = 9216,
					.shared_dirty = 10240,
					.private_clean = 11264,
					.private_dirty = UINT64_C(1) << 50,
					.kind = REGION_SHM,
					.userfault = REGION_USERFAULT_ANY | REGION_USERFAULT_WRITE,
					.is_locked = true };
	f->sums = sums;
	f->sums_count = 2;
	stacks[0] = (struct stack_pointer){ 42, UINT64_C(0x7ffffffff000) };
	f->stacks = stacks;
	f->stacks_count = 1;
	nodes[1] = 77;
	f->nodes = nodes;
	f->nodes_count = 2;
}

static void test_session(void **state)
{
	struct coder writer = { .page_shift = 12 }, reader = { .page_shift = 12 };
	struct region_sums sums[2];
	struct stack_pointer stacks[1];
	uint64_t nodes[2] = { 0 };
	struct kernel_figures f;
	struct strbuf bytes = { 0 };
	struct cursor in;
	struct event e = { .type = EVENT_FIGURES, .pid = 7, .time_ns = 5, .figures = &f }, got;

	kernel_figures_init(&f);
	fill(&f, sums, stacks, nodes);
	coder_put(&writer, &bytes, &e);
	in = (struct cursor){ (uint8_t *)bytes.text, (uint8_t *)bytes.text + bytes.len, false };
	assert_int_equal(coder_get(&reader, &in, &got), 1);
	assert_int_equal(got.type, EVENT_FIGURES);
	assert_memory_equal(got.figures->values, f.values, sizeof f.values);
	assert_string_equal(got.figures->cgroup, "/a");
	assert_string_equal(got.figures->why[FIGURES_NODES], "no nodes");
	assert_null(got.figures->why[FIGURES_SUMS]);
	assert_int_equal(got.figures->sums_count, 2);
	assert_memory_equal(got.figures->sums, sums, sizeof sums);
	assert_int_equal(got.figures->stacks[0].tid, 42);
	assert_true(got.figures->stacks[0].address == UINT64_C(0x7ffffffff000));
	assert_int_equal(got.figures->nodes_count, 2);
	assert_int_equal(got.figures->nodes[1], 77);
	/* cut anywhere it makes no sense, and does no harm */
	for (size_t len = 4; len + 1 < bytes.len; len++) {
		struct coder cut = { .page_shift = 12 };
		struct cursor part = { (uint8_t *)bytes.text, (uint8_t *)bytes.text + len, false };

		assert_int_not_equal(coder_get(&cut, &part, &got), 1);
		coder_fini(&cut);
	}
	strbuf_fini(&bytes);
	coder_fini(&writer);
	coder_fini(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),  cmocka_unit_test(test_numbers_saturate),
		cmocka_unit_test(test_nodes),   cmocka_unit_test(test_stack_pointers),
		cmocka_unit_test(test_cgroups), cmocka_unit_test(test_memory_stat),
		cmocka_unit_test(test_sums),    cmocka_unit_test(test_session),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
