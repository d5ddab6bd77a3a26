/* The frames behind pages: a source whose frames are known by construction, and that counts requests. */
#include "unit/check.h"

#include <string.h>

#include "model/physical.h"

#define FIRST UINT64_C(0x1000)
#define PAGES 400

static const struct physical_budget plenty = { 1000000, 1000000 };

/* Frames of the pages from FIRST on. What maps frame f: f % 4 times. */
struct fake {
	struct source source;
	uint64_t frames[PAGES];
	enum source_kind off; /* of these two: not available */
	uint64_t asked, words, reads;
};

static int64_t read_frames(struct source *source, int32_t pid, uint64_t first, size_t n, uint64_t *frames,
			   struct err *err)
{
	struct fake *fake = (struct fake *)source;

	if (pid != 1)
		return err_set(err, ERR_DENIED, "%s", "frame numbers are not for you");
	for (size_t i = 0; i < n; i++)
		frames[i] = first + i < FIRST + PAGES ? fake->frames[first + i - FIRST] : 0;
	fake->asked += n;
	return (int64_t)n;
}

static int read_words(struct source *source, int32_t pid, enum source_kind what, uint64_t frame, size_t n,
		      uint64_t *words, struct err *err)
{
	struct fake *fake = (struct fake *)source;

	if (what == fake->off)
		return err_set(err, ERR_UNSUPPORTED, "%s", "this kernel does not have it");
	if (frame == 13)
		return err_set(err, ERR_NOT_FOUND, "%s", "the kernel has nothing on this frame");
	for (size_t i = 0; i < n; i++)
		words[i] = what == SOURCE_KPAGECOUNT ? (frame + i) % 4 : 1 << 5;
	fake->words += n;
	fake->reads++;
	return 0;
}

static const struct source_ops ops = { .frames = read_frames, .frame_words = read_words };
static const struct source_ops recording = { 0 };

static void map(struct process *p, uint64_t first, uint64_t pages, uint32_t word)
{
	static uint64_t id;
	struct region_attr attr = { .start = first << 12, .end = (first + pages) << 12, .path = "" };
	struct run tile = { first, first + pages, word };

	space_map(p->space, ++id, &attr, 0);
	space_set_pages(p->space, &tile, 1, 0);
}

/* A region of 400 pages, all there, with frames 1000 to 1199, then every second one from 2000 on; behind it a region
 * that touches it. */
static struct process *make(struct fake *fake, int32_t pid)
{
	struct process *p = process_create(pid, 12, 0);

	*fake = (struct fake){ .source = { &ops } };
	for (uint64_t i = 0; i < PAGES; i++)
		fake->frames[i] = i < 200 ? 1000 + i : 2000 + 2 * (i - 200);
	map(p, FIRST, PAGES, page_word(PAGE_ANON, 0));
	map(p, FIRST + PAGES, 10, page_word(PAGE_SWAP, 0));
	return p;
}

static void test_runs(void **state)
{
	static const uint64_t frames[] = { 7, 8, 9, 0, 10, 11, 9, 10 };
	struct physical_totals t = { 0 };

	assert_int_equal(physical_run(frames, 8), 3);
	assert_int_equal(physical_run(frames + 4, 2), 2);
	physical_add_frames(&t, 100, frames, 2); /* a run goes on from one call to the next */
	physical_add_frames(&t, 102, frames + 2, 6);
	assert_int_equal(t.resident, 8);
	assert_int_equal(t.framed, 7);
	assert_int_equal(t.runs, 3);
	assert_int_equal(t.longest, 3);
	physical_add_frames(&t, 109, (const uint64_t[]){ 11 }, 1); /* the frame follows, the page does not */
	assert_int_equal(t.runs, 4);
}

static void test_region(void **state)
{
	struct fake fake;
	struct process *p = make(&fake, 1);
	struct physical seen;

	physical_take(&seen, p, &fake.source, FIRST + 201, plenty);
	assert_int_equal(seen.err.code, ERR_NONE);
	assert_int_equal(seen.count, 2 * PHYSICAL_AROUND + 1);
	assert_int_equal(seen.rows[seen.at].page, FIRST + 201);
	assert_int_equal(seen.rows[seen.at].frame, 2002);
	assert_int_equal(seen.rows[seen.at].step, 2);
	assert_int_equal(seen.rows[seen.at - 1].step, 2000 - 1199);
	assert_int_equal(seen.rows[seen.at].count, 2);
	assert_int_equal(seen.rows[seen.at].flags, 1 << 5);
	assert_true(seen.rows[0].has_step && seen.rows[0].step == 1); /* from the page before, not shown */
	assert_int_equal(seen.totals.resident, PAGES);
	assert_int_equal(seen.totals.framed, PAGES);
	assert_int_equal(seen.totals.runs, 201);
	assert_int_equal(seen.totals.longest, 200);
	assert_int_equal(seen.totals.once, 50);
	assert_int_equal(seen.totals.twice, 50 + 100);
	assert_int_equal(seen.totals.more, 50);
	assert_int_equal(seen.totals.none, 50 + 100);
	assert_int_equal(seen.counted_until, FIRST + PAGES);
	process_destroy(p);
}

/* At the ends of a region; a region without pages in memory; no region. */
static void test_ends(void **state)
{
	struct fake fake;
	struct process *p = make(&fake, 1);
	struct physical seen;

	physical_take(&seen, p, &fake.source, FIRST, plenty);
	assert_int_equal(seen.at, 0);
	assert_int_equal(seen.count, PHYSICAL_AROUND + 1);
	assert_false(seen.rows[0].has_step);
	physical_take(&seen, p, &fake.source, FIRST + PAGES - 1, plenty);
	assert_int_equal(seen.count, PHYSICAL_AROUND + 1);
	assert_int_equal(seen.at, PHYSICAL_AROUND);
	fake.asked = 0;
	physical_take(&seen, p, &fake.source, FIRST + PAGES + 9, plenty);
	assert_int_equal(seen.count, 10);
	assert_int_equal(fake.asked, 10); /* nothing is there to be counted */
	assert_int_equal(seen.totals.resident, 0);
	assert_int_equal(seen.rows[9].frame, 0);
	physical_take(&seen, p, &fake.source, FIRST + PAGES + 10, plenty);
	assert_int_equal(seen.count, 0);
	physical_take(&seen, p, &fake.source, RUNS_END, plenty);
	assert_int_equal(seen.count, 0);
	process_destroy(p);
}

static void test_budget(void **state)
{
	struct fake fake;
	struct process *p = make(&fake, 1);
	struct physical seen;

	physical_take(&seen, p, &fake.source, FIRST, (struct physical_budget){ 100, 1000 });
	assert_int_equal(seen.counted_until, FIRST + 100);
	assert_int_equal(seen.totals.resident, 100);
	fake.reads = 0;
	physical_take(&seen, p, &fake.source, FIRST, (struct physical_budget){ 1000, 11 });
	assert_int_equal(seen.counted_until, FIRST + 200 + 10);
	assert_int_equal(seen.totals.resident, 210);
	assert_int_equal(seen.totals.once + seen.totals.twice + seen.totals.more + seen.totals.none, 210);
	assert_int_equal(fake.reads, 11 + 2 * seen.count);
	process_destroy(p);
}

static void test_reasons(void **state)
{
	struct fake fake;
	struct process *p = make(&fake, 1), *denied = make(&fake, 2);
	struct physical seen;

	physical_take(&seen, denied, &fake.source, FIRST, plenty);
	assert_int_equal(seen.err.code, ERR_DENIED);
	assert_string_equal(seen.err.text, "frame numbers are not for you");
	assert_int_equal(seen.count, 0);
	fake.off = SOURCE_KPAGECOUNT;
	physical_take(&seen, p, &fake.source, FIRST, plenty);
	assert_int_equal(seen.err.code, ERR_NONE);
	assert_int_equal(seen.counts_err.code, ERR_UNSUPPORTED);
	assert_true(seen.rows[3].has_flags && !seen.rows[3].has_count);
	assert_int_equal(seen.totals.longest, 200); /* runs are still counted */
	fake.off = SOURCE_KPAGEFLAGS;
	fake.frames[3] = 13; /* the kernel has nothing on this one, but on the others */
	physical_take(&seen, p, &fake.source, FIRST, plenty);
	assert_int_equal(seen.flags_err.code, ERR_UNSUPPORTED);
	assert_int_equal(seen.counts_err.code, ERR_NONE);
	assert_false(seen.rows[3].has_count);
	assert_true(seen.rows[4].has_count && !seen.rows[4].has_flags);
	fake.source.ops = &recording;
	physical_take(&seen, p, &fake.source, FIRST, plenty);
	assert_int_equal(seen.err.code, ERR_UNSUPPORTED);
	assert_int_equal(seen.count, 0);
	process_destroy(p);
	process_destroy(denied);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs),   cmocka_unit_test(test_region),  cmocka_unit_test(test_ends),
		cmocka_unit_test(test_budget), cmocka_unit_test(test_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
