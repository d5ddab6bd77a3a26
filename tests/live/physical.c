/* Frames against a target that knows: a huge page is 512 frames that follow each other; of 30 pages of its own it has
 * 20 together with its child, which wrote the first 10. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/physical.h"

#include "live/watching.h"

#define HUGE (UINT64_C(2) << 20)
#define OWN 30
#define WRITTEN 10
#define FRAMES_HUGE (UINT64_C(1) << 17)
#define FRAMES_THP (UINT64_C(1) << 22)

static const struct physical_budget plenty = { 1000000, 1000000 };

/* What the target prints about itself. */
struct said {
	pid_t child;
	/* addresses; huge: that of a huge page, if the kernel gave one; pool: one of the hugetlb pool, 0: it has none */
	uint64_t own, huge, pool;
};

static volatile char *map_anonymous(uint64_t bytes, int advice)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		_exit(99);
	madvise(at, bytes, advice);
	return at;
}

static uint64_t map_from_pool(void)
{
	char *at = mmap(NULL, HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

	if (at == MAP_FAILED)
		return 0;
	*(volatile char *)at = 1;
	return (uintptr_t)at;
}

static void write_pages(volatile char *at, int pages)
{
	for (int i = 0; i < pages; i++)
		at[i * 4096] = 1;
}

/* Prints what it has once both are done. */
static void play(int out)
{
	volatile char *own = map_anonymous(OWN * 4096, MADV_NOHUGEPAGE);
	struct said said = { .own = (uintptr_t)own };
	int ready[2];
	char word = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	write_pages(own, OWN);
	if (pipe(ready) != 0)
		_exit(98);
	said.child = fork();
	if (said.child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		write_pages(own, WRITTEN);
		if (write(ready[1], &word, 1) != 1)
			_exit(97);
	} else {
		said.huge = ((uintptr_t)map_anonymous(2 * HUGE, MADV_HUGEPAGE) + HUGE - 1) / HUGE * HUGE;
		*(volatile char *)(uintptr_t)said.huge = 1;
		said.pool = map_from_pool();
		if (read(ready[0], &word, 1) != 1 || write(out, &said, sizeof said) != sizeof said)
			_exit(96);
	}
	for (;;)
		pause();
}

static const struct physical_row *row_of(const struct physical *p, uint64_t page)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->rows[i].page == page)
			return &p->rows[i];
	fail_msg("page 0x%llx is not shown", (unsigned long long)page);
	return &p->rows[0];
}

static void check_own(struct watching *w, uint64_t first)
{
	struct physical seen;

	physical_take(&seen, w->process, w->source, first + 5, plenty);
	if (seen.err.code)
		fail_msg("%s", seen.err.text);
	assert_int_equal(seen.counts_err.code, ERR_NONE);
	for (uint64_t i = 0; i < OWN; i++) {
		const struct physical_row *row = row_of(&seen, first + i);

		assert_int_not_equal(row->frame, 0);
		assert_true(row->has_count);
		assert_int_equal(row->count, i < WRITTEN ? 1 : 2);
		assert_int_equal(page_state(row->word), PAGE_ANON);
	}
	assert_int_equal(row_of(&seen, first + 5)->page, seen.rows[seen.at].page);
	assert_true(seen.totals.once >= WRITTEN && seen.totals.twice >= OWN - WRITTEN);
	assert_int_equal(seen.counted_until, seen.end);
	assert_int_equal(seen.totals.framed, seen.totals.once + seen.totals.twice + seen.totals.more);
}

/* Is there a huge page? The kernel may have had none. */
static bool is_huge(const struct process *p, uint64_t page)
{
	uint32_t word = runs_at(p->space->pages, page).value;

	return page_state(word) == PAGE_ANON && page_flags(word) & PAGE_HUGE;
}

static void check_huge(struct watching *w, uint64_t first, uint64_t flag)
{
	struct physical seen;

	physical_take(&seen, w->process, w->source, first + 256, plenty);
	assert_int_equal(seen.count, 2 * PHYSICAL_AROUND + 1);
	for (size_t i = 0; i < seen.count; i++) {
		assert_true(seen.rows[i].has_step);
		assert_int_equal(seen.rows[i].step, 1);
		assert_int_equal(seen.rows[i].frame % 512, seen.rows[i].page % 512);
		assert_true(seen.rows[i].flags & flag);
		assert_int_equal(seen.rows[i].count, 1);
	}
	assert_true(seen.totals.longest >= 512);
	assert_true(seen.totals.once >= 512);
	physical_take(&seen, w->process, w->source, first + 256, (struct physical_budget){ 100, 100 });
	assert_int_equal(seen.totals.resident, 100);
	assert_true(seen.counted_until < seen.end);
}

/* Only root may see frames. */
static void check_denied(struct watching *w, uint64_t first)
{
	struct physical seen;

	physical_take(&seen, w->process, w->source, first, plenty);
	assert_int_equal(seen.err.code, ERR_DENIED);
	assert_true(*seen.err.text);
	assert_int_equal(seen.count, 0);
	assert_int_equal(seen.totals.resident, 0);
}

static struct said said;
static struct watching watching;
static pid_t target;

static int set_up(void **state)
{
	struct live_options o;
	int pipe_fds[2];

	if (pipe(pipe_fds) != 0)
		return -1;
	target = fork();
	if (target == 0)
		play(pipe_fds[1]);
	if (read(pipe_fds[0], &said, sizeof said) != sizeof said)
		return -1;
	live_options_init(&o);
	o.reader.flags = true;
	watching = watch_begin(&o, NULL, target);
	return 0;
}

static int tear_down(void **state)
{
	watch_end(&watching);
	kill(target, SIGKILL);
	waitpid(target, NULL, 0);
	return 0;
}

static void test_own(void **state)
{
	if (geteuid() == 0)
		check_own(&watching, said.own >> 12);
	else
		check_denied(&watching, said.own >> 12);
}

static void test_huge(void **state)
{
	if (geteuid() != 0 || !is_huge(watching.process, said.huge >> 12)) {
		print_message("skipped: %s\n",
			      geteuid() ? "only root sees frames" : "the kernel gave no huge page");
		skip();
	}
	check_huge(&watching, said.huge >> 12, FRAMES_THP);
}

static void test_pool(void **state)
{
	if (geteuid() != 0 || !said.pool) {
		print_message("skipped: %s\n", geteuid()
						   ? "only root sees frames"
						   : "the hugetlb pool is empty (sysctl vm.nr_hugepages=1)");
		skip();
	}
	check_huge(&watching, said.pool >> 12, FRAMES_HUGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_own), cmocka_unit_test(test_huge),
					    cmocka_unit_test(test_pool) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
