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
#define KPAGE_THP (UINT64_C(1) << 22)

static const struct physical_budget plenty = { 1000000, 1000000 };

/* What the target says of itself. */
struct said {
	pid_t child;
	uint64_t own, huge; /* addresses; huge: that of a huge page, if the kernel gave one */
};

static volatile char *map_anonymous(uint64_t bytes, int advice)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		_exit(99);
	madvise(at, bytes, advice);
	return at;
}

static void write_pages(volatile char *at, int pages)
{
	for (int i = 0; i < pages; i++)
		at[i * 4096] = 1;
}

/* Says what it has when both have done what they do. */
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
	if (seen.why.code)
		fail_msg("%s", seen.why.text);
	assert_int_equal(seen.counts_why.code, ERR_NONE);
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

static void check_huge(struct watching *w, uint64_t first)
{
	struct physical seen;

	physical_take(&seen, w->process, w->source, first + 256, plenty);
	assert_int_equal(seen.count, 2 * PHYSICAL_AROUND + 1);
	for (size_t i = 0; i < seen.count; i++) {
		assert_true(seen.rows[i].has_step);
		assert_int_equal(seen.rows[i].step, 1);
		assert_int_equal(seen.rows[i].frame % 512, seen.rows[i].page % 512);
		assert_true(seen.rows[i].flags & KPAGE_THP);
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
	assert_int_equal(seen.why.code, ERR_DENIED);
	assert_true(*seen.why.text);
	assert_int_equal(seen.count, 0);
	assert_int_equal(seen.totals.resident, 0);
}

static void test_target(void **state)
{
	struct said said;
	struct live_options o;
	struct watching w;
	int pipe_fds[2];
	pid_t pid;

	if (pipe(pipe_fds) != 0)
		fail_msg("pipe");
	pid = fork();
	if (pid == 0)
		play(pipe_fds[1]);
	if (read(pipe_fds[0], &said, sizeof said) != sizeof said)
		fail_msg("the target says nothing");
	live_options_init(&o);
	o.reader.flags = true;
	w = watch_begin(&o, NULL, pid);
	if (geteuid() != 0) {
		check_denied(&w, said.own >> 12);
	} else {
		check_own(&w, said.own >> 12);
		if (is_huge(w.process, said.huge >> 12))
			check_huge(&w, said.huge >> 12);
		else
			print_message("no huge page: the kernel gave none\n");
	}
	watch_end(&w);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_target) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
