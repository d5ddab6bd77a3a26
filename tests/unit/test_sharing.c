/* Who holds what together: frames and files that a world has by construction. */
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

#include "compare/sharing.h"

#define HEAP UINT64_C(0x1000)
#define FILE_AT UINT64_C(0x2000)

/* The frames of a process: those of page p are in frames[p - first]. */
struct mapped {
	int32_t pid;
	uint64_t first;
	const uint64_t *frames;
	size_t count;
};

static size_t read_frames(void *context, int32_t pid, uint64_t first, uint64_t *frames, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		frames[i] = 0;
		for (const struct mapped *m = context; m->pid; m++)
			if (m->pid == pid && first + i >= m->first && first + i < m->first + m->count)
				frames[i] = m->frames[first + i - m->first];
	}
	return n;
}

static struct process *make(int32_t pid)
{
	return process_create(pid, 12, 0);
}

static void map(struct process *p, uint64_t first, uint64_t pages, uint64_t file_page, uint64_t inode,
		enum region_kind kind, uint32_t word)
{
	static uint64_t id;
	struct region_attr attr = { .start = first << 12,
				    .end = (first + pages) << 12,
				    .offset = file_page << 12,
				    .inode = inode,
				    .kind = (uint8_t)kind,
				    .path = inode ? "/lib/x" : "" };
	struct run tile = { first, first + pages, word };

	space_map(p->space, ++id, &attr, 0);
	space_set_pages(p->space, &tile, 1, 0);
}

static const struct sharing_row *row_of(const struct sharing *s, uint64_t inode, bool copies,
					uint64_t holders)
{
	for (size_t i = 0; i < s->rows_count; i++) {
		const struct sharing_object *o = &s->objects[s->rows[i].object];

		if (o->inode == inode && o->copies == copies && s->rows[i].holders == holders)
			return &s->rows[i];
	}
	fail_msg("no row of %d with holders %d", (int)inode, (int)holders);
	abort();
}

/* The same frames in another order, a frame mapped twice by one process, one that was gone. */
static void test_by_frame(void **state)
{
	static const uint64_t of_a[] = { 100, 101, 102, 50, 50 }, of_b[] = { 7, 102, 101, 8, 0 };
	struct mapped maps[] = { { 1, HEAP, of_a, 5 }, { 2, HEAP, of_b, 5 }, { 0 } };
	struct process *a = make(1), *b = make(2);
	struct sharing s;

	map(a, HEAP, 5, 0, 0, REGION_HEAP, page_word(PAGE_ANON, 0));
	map(b, HEAP, 5, 0, 0, REGION_HEAP, page_word(PAGE_ANON, 0));
	sharing_init(&s, true);
	assert_true(sharing_add(&s, a, read_frames, maps));
	assert_true(sharing_add(&s, b, read_frames, maps));
	sharing_finish(&s);
	assert_int_equal(s.resident, 9);
	assert_int_equal(s.unread, 1);
	assert_int_equal(s.once, 6); /* 100 101 102 50 7 8 */
	assert_int_equal(s.by_all, 2);
	assert_int_equal(s.perhaps, 0);
	const struct sharing_row *both = row_of(&s, 0, false, 3), *alone = row_of(&s, 0, false, 1);
	assert_int_equal(both->once, 2);
	assert_int_equal(both->held[0], 2);
	assert_int_equal(both->held[1], 2);
	assert_int_equal(alone->once, 2);
	assert_int_equal(alone->held[0], 3); /* 50 counts twice in what is resident */
	assert_ptr_equal(&s.rows[0], both);
	sharing_fini(&s);
	process_destroy(a);
	process_destroy(b);
}

/* The same pages of a file at other addresses; private memory counts for each process, and the report says how much
 * of it may be shared. */
static void test_by_file(void **state)
{
	struct process *a = make(1), *b = make(2), *c = make(3);
	struct sharing s;

	map(a, FILE_AT, 10, 0, 9, REGION_TEXT, page_word(PAGE_FILE, 0));
	map(b, FILE_AT + 77, 10, 5, 9, REGION_TEXT, page_word(PAGE_FILE, 0));
	map(c, FILE_AT, 2, 6, 9, REGION_TEXT, page_word(PAGE_FILE, 0));
	map(a, HEAP, 4, 0, 0, REGION_HEAP, page_word(PAGE_ANON, PAGE_SHARED));
	map(b, HEAP, 4, 0, 0, REGION_HEAP, page_word(PAGE_ANON, PAGE_EXCLUSIVE));
	map(c, HEAP, 3, 5, 9, REGION_DATA, page_word(PAGE_COPY, PAGE_SHARED));
	sharing_init(&s, false);
	assert_true(sharing_add(&s, a, NULL, NULL));
	assert_true(sharing_add(&s, b, NULL, NULL));
	assert_true(sharing_add(&s, c, NULL, NULL));
	sharing_finish(&s);
	assert_int_equal(s.resident, 33);
	assert_int_equal(s.once, 15 + 4 + 4 + 3);
	assert_int_equal(s.by_all, 2); /* pages 6 and 7 */
	assert_int_equal(s.perhaps, 7);
	assert_int_equal(row_of(&s, 9, false, 7)->once, 2);
	assert_int_equal(row_of(&s, 9, false, 3)->once, 3);
	assert_int_equal(row_of(&s, 9, false, 1)->once, 5);
	assert_int_equal(row_of(&s, 9, true, 4)->once, 3);
	sharing_fini(&s);
	process_destroy(a);
	process_destroy(b);
	process_destroy(c);
}

/* As many as there are bits, all with the same page; what is not resident is in no sum. */
static void test_all_bits(void **state)
{
	struct process *p[SHARING_PROCESSES + 1];
	struct sharing s;

	sharing_init(&s, false);
	for (int i = 0; i <= SHARING_PROCESSES; i++) {
		p[i] = make(i + 1);
		map(p[i], FILE_AT, 1, 0, 9, REGION_SHM, page_word(PAGE_SHM, 0));
		map(p[i], HEAP, 9, 0, 0, REGION_HEAP, page_word(PAGE_SWAP, 0));
		assert_int_equal(sharing_add(&s, p[i], NULL, NULL), i < SHARING_PROCESSES);
	}
	sharing_finish(&s);
	assert_int_equal(s.resident, SHARING_PROCESSES);
	assert_int_equal(s.once, 1);
	assert_int_equal(s.by_all, 1);
	assert_int_equal(s.rows_count, 1);
	sharing_fini(&s);
	for (int i = 0; i <= SHARING_PROCESSES; i++)
		process_destroy(p[i]);
}

/* Against the plain way: a count of each frame, for frames at random. */
static void test_at_random(void **state)
{
	enum { PROCESSES = 5, PAGES = 200, ALL = 150 };
	static uint64_t frames[PROCESSES][PAGES];
	struct mapped maps[PROCESSES + 1] = { 0 };
	struct process *p[PROCESSES];
	unsigned char held[ALL + 1][PROCESSES] = { 0 };
	uint64_t once = 0, by_all = 0, seed = 1;
	struct sharing s;

	sharing_init(&s, true);
	for (int i = 0; i < PROCESSES; i++) {
		for (int j = 0; j < PAGES; j++) {
			seed = seed * UINT64_C(6364136223846793005) + 1;
			frames[i][j] = 1 + (seed >> 33) % ALL;
			held[frames[i][j]][i] = 1;
		}
		maps[i] = (struct mapped){ i + 1, HEAP, frames[i], PAGES };
		p[i] = make(i + 1);
		map(p[i], HEAP, PAGES, 0, 0, REGION_ANON, page_word(PAGE_ANON, 0));
	}
	for (int i = 0; i < PROCESSES; i++)
		sharing_add(&s, p[i], read_frames, maps);
	sharing_finish(&s);
	for (int f = 1; f <= ALL; f++) {
		int n = 0;
		for (int i = 0; i < PROCESSES; i++)
			n += held[f][i];
		once += n > 0;
		by_all += n == PROCESSES;
	}
	assert_int_equal(s.resident, PROCESSES * PAGES);
	assert_int_equal(s.once, once);
	assert_int_equal(s.by_all, by_all);
	sharing_fini(&s);
	for (int i = 0; i < PROCESSES; i++)
		process_destroy(p[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_frame),
		cmocka_unit_test(test_by_file),
		cmocka_unit_test(test_all_bits),
		cmocka_unit_test(test_at_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
