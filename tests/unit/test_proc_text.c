/* The small files of /proc: stat, smaps, cmdline, status, cpuinfo; and the words made from
 * entries and categories. */
#include "check.h"

#include <unistd.h>
#include <stdio.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "kern/classify.h"
#include "kern/identity.h"
#include "kern/machine.h"
#include "kern/swap_marks.h"
#include "kern/tiles.h"
#include "kern/frame_moves.h"
#include "kern/frames.h"
#include "kern/pagemap.h"
#include "kern/smaps.h"
#include "kern/stat.h"

static bool parse_stat(const char *text, struct process_stat *line)
{
	return stat_parse(text, strlen(text), line);
}

static void test_stat(void **state)
{
	static const char text[] = "4242 (my) (odd)\n R 1) S 4000 4242 4000 34816 -1 4194304 812 7 3 1 12 4 "
				   "0 0 20 0 5 0 90210 3821568 "
				   "231 18446744073709551615 94362714927104 94362714931433 140724689264320 0 "
				   "0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n";
	struct process_stat line;

	assert_true(parse_stat(text, &line));
	assert_int_equal(line.counters.state, 'S');
	assert_int_equal(line.counters.minor, 812);
	assert_int_equal(line.counters.major, 3);
	assert_int_equal(line.counters.threads, 5);
	assert_int_equal(line.cpu_ticks, 16);
	assert_int_equal(line.vsize, 3821568);
	assert_int_equal(line.tty_pgrp, -1);
	assert_true(line.start_stack == 140724689264320);
	assert_false(line.kernel_thread);
	/* the stack has a place already, but not its last one */
	assert_true(parse_stat(
	    "7 (sh) R 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 3 99 1 9 0 0 140724689266688 0", &line));
	assert_true(line.start_stack == 0);
	assert_true(
	    parse_stat("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0 1 0 0 0 0", &line));
	assert_true(line.kernel_thread);
	assert_false(parse_stat("", &line));
	assert_false(parse_stat("4242 (cat)", &line));
	assert_false(parse_stat("4242 (cat) S 1 2 3\n", &line));
	assert_false(parse_stat("4242 cat S 1 2 3\n", &line));
}

static void test_smaps(void **state)
{
	static const char text[] =
	    "1000-3000 r--p 00000000 fe:00 12 /a:b\nSize: 8 kB\nRss:                   8 kB\n"
	    "Pss:  3 kB\nSwap:  4 kB\nSwapPss: 1 kB\nLocked: 4 kB\nVmFlags: rd mr\n"
	    "200000-400000 rw-p 0 00:11 9 /anon_hugepage (deleted)\nRss: 0 kB\n"
	    "Shared_Hugetlb: 1024 kB\nPrivate_Hugetlb: 2048 kB\nTHPeligible: 0\n";
	struct region_sums *entries = NULL;
	size_t n = 0;

	assert_int_equal(smaps_parse(&entries, &n, text, strlen(text)), 0);
	assert_int_equal(n, 2);
	assert_true(entries[0].start == 0x1000 && entries[0].end == 0x3000);
	assert_int_equal(entries[0].rss, 8192);
	assert_int_equal(entries[0].pss, 3072);
	assert_int_equal(entries[0].swap, 4096);
	assert_int_equal(entries[0].locked, 4096);
	assert_int_equal(entries[0].hugetlb, 0);
	assert_int_equal(entries[1].rss, 0);
	assert_int_equal(entries[1].hugetlb, 3 << 20);
	free(entries);
	entries = NULL;
	n = 0;
	assert_int_equal(smaps_parse(&entries, &n, "Rss: 4 kB\n", 10), 1);
	assert_int_equal(smaps_parse(&entries, &n, "1000-2000 r--p\nRss: x kB\n", 25), 2);
	free(entries);
}

static void check_cmdline(const char *bytes, size_t len, const char *comm, const char *const *argv)
{
	struct identity id = { 0 };
	size_t i;

	strbuf_add(&id.cmdline, bytes, len);
	strbuf_puts(&id.comm, comm);
	identity_parse_cmdline(&id);
	for (i = 0; argv[i]; i++) {
		assert_non_null(id.argv[i]);
		assert_string_equal(id.argv[i], argv[i]);
	}
	assert_null(id.argv[i]);
	identity_fini(&id);
}

static void test_identity(void **state)
{
	check_cmdline("./demo\0"
		      "64\0",
		      10, "demo", (const char *const[]){ "./demo", "64", NULL });
	check_cmdline("a\0\0b\0", 5, "a", (const char *const[]){ "a", "", "b", NULL });
	check_cmdline("title: x\0\0\0\0", 12, "t", (const char *const[]){ "title: x", NULL });
	check_cmdline("no end", 6, "t", (const char *const[]){ "no end", NULL });
	check_cmdline("", 0, "comm", (const char *const[]){ "comm", NULL });
	struct status_lines status;

	status_parse("Name:\tx\nTgid:\t7\nUid:\t1000\t1001\t1002\t1003\nGid:\t1\nNSpid:\t7\t3\t2\n"
		     "SigCgt:\t8000000000000001\nCapEff:\t000001ff\n",
		     &status);
	assert_int_equal(status.uid, 1001);
	assert_int_equal(status.process, 7);
	assert_int_equal(status.own_pid, 2);
	assert_true(status.has_signals && status.caught == UINT64_C(0x8000000000000001));
	assert_int_equal(status.capabilities, 0x1ff);
	status_parse("Name:\tUid:\n", &status);
	assert_int_equal(status.uid, -1);
	assert_int_equal(status.own_pid, 0);
	assert_false(status.has_signals);
	assert_int_equal(
	    machine_parse_address_bits("flags\t: x\naddress sizes\t: 46 bits physical, 57 bits virtual\n"),
	    57);
	assert_int_equal(machine_parse_address_bits("processor\t: 0\n"), 0);
}

static void test_categories(void **state)
{
	assert_int_equal(pagemap_categories(0), 0);
	assert_int_equal(pagemap_categories(0x8100000000115034), PAGEMAP_SCAN_PRESENT);
	assert_int_equal(pagemap_categories(0xa000000000002860), PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_FILE);
	assert_int_equal(pagemap_categories(0x440000000000009f), PAGEMAP_SCAN_SWAPPED | PAGEMAP_SCAN_GUARD);
	assert_int_equal(pagemap_frame(0x8100000000115034), 0x115034);
	assert_int_equal(pagemap_frame(0x440000000000009f), 0);
	assert_int_equal(frames_flags(1), 0);
	assert_int_equal(frames_flags(FRAMES_DIRTY | FRAMES_MLOCKED), PAGE_DIRTY | PAGE_LOCKED);
	assert_int_equal(frames_flags(FRAMES_KSM | FRAMES_REFERENCED), PAGE_KSM | PAGE_REFERENCED);
}

static void test_words(void **state)
{
	static const struct {
		enum page_class class;
		unsigned categories;
		uint32_t word;
	} cases[] = {
		{ PAGE_CLASS_ANON, 0, PAGE_RESERVED },
		{ PAGE_CLASS_ANON, PAGEMAP_SCAN_PRESENT, PAGE_ANON },
		{ PAGE_CLASS_ANON, PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_HUGE, PAGE_ANON | PAGE_HUGE },
		{ PAGE_CLASS_ANON, PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_ZERO, PAGE_ZERO },
		{ PAGE_CLASS_ANON, PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_ZERO | PAGEMAP_SCAN_HUGE,
		  PAGE_ZERO | PAGE_HUGE },
		{ PAGE_CLASS_ANON, PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_FILE, PAGE_ZERO | PAGE_HUGE },
		{ PAGE_CLASS_ANON, PAGEMAP_SCAN_SWAPPED, PAGE_SWAP },
		{ PAGE_CLASS_ANON, PAGEMAP_SCAN_SWAPPED | PAGEMAP_SCAN_GUARD, PAGE_GUARD },
		{ PAGE_CLASS_ANON, PAGEMAP_SCAN_HUGE, PAGE_RESERVED },
		{ PAGE_CLASS_FILE_PRIVATE, PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_FILE, PAGE_FILE },
		{ PAGE_CLASS_FILE_PRIVATE, PAGEMAP_SCAN_PRESENT, PAGE_COPY },
		{ PAGE_CLASS_FILE_PRIVATE, PAGEMAP_SCAN_SWAPPED, PAGE_SWAP },
		{ PAGE_CLASS_FILE_PRIVATE, PAGEMAP_SCAN_SWAPPED | PAGEMAP_SCAN_FILE, PAGE_FILE },
		{ PAGE_CLASS_FILE_SHARED, PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_FILE | PAGEMAP_SCAN_HUGE,
		  PAGE_FILE | PAGE_HUGE },
		{ PAGE_CLASS_FILE_SHARED, PAGEMAP_SCAN_PRESENT,
		  PAGE_UNKNOWN | PAGE_WHY_SPECIAL << PAGE_WHY_SHIFT },
		{ PAGE_CLASS_FILE_SHARED, PAGEMAP_SCAN_SWAPPED, PAGE_RESERVED },
		{ PAGE_CLASS_SHM_SHARED, PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_FILE, PAGE_SHM },
		{ PAGE_CLASS_SHM_PRIVATE, PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_FILE, PAGE_SHM },
		{ PAGE_CLASS_SHM_PRIVATE, PAGEMAP_SCAN_PRESENT, PAGE_COPY },
		{ PAGE_CLASS_SPECIAL, 0, PAGE_UNKNOWN | PAGE_WHY_SPECIAL << PAGE_WHY_SHIFT },
		{ PAGE_CLASS_SPECIAL, PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_FILE, PAGE_FILE },
		{ PAGE_CLASS_OUTSIDE, PAGEMAP_SCAN_PRESENT,
		  PAGE_UNKNOWN | PAGE_WHY_OUTSIDE << PAGE_WHY_SHIFT },
	};
	struct words *words = mem_alloc(sizeof *words);

	words_init(words);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(words->word[0][cases[i].class][cases[i].categories], cases[i].word);
	assert_int_equal(words->word[1][PAGE_CLASS_SHM_SHARED]
				    [PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_FILE | PAGEMAP_SCAN_HUGE],
			 PAGE_SHM | PAGE_HUGE | PAGE_HUGETLB);
	assert_int_equal(words->word[1][PAGE_CLASS_ANON][PAGEMAP_SCAN_HUGE], PAGE_RESERVED);
	free(words);
}

static void test_tiles(void **state)
{
	struct tiles t = { 0 };

	tiles_add(&t, 5, 5, PAGE_ANON);
	assert_int_equal(t.count, 0);
	tiles_add(&t, 5, 7, PAGE_ANON);
	tiles_add(&t, 7, 8, PAGE_ANON);
	tiles_add(&t, 9, 10, PAGE_ANON);
	tiles_add(&t, 10, 11, PAGE_ZERO);
	assert_int_equal(t.count, 3);
	assert_int_equal(t.run[0].end, 8);
	assert_int_equal(t.run[1].first, 9);
	assert_int_equal(t.run[2].value, PAGE_ZERO);
	tiles_fini(&t);
}

/* Entries that look like swap: the entry itself shows what it is, or smaps does, or it is unknown. */
static void test_swap_marks(void **state)
{
	static const char smaps[] = "1000-9000 rw-p 0 00:00 0\nSwap: 0 kB\nVmFlags: rd wr um \n"
				    "a000-b000 rw-p 0 00:00 0\nSwap: 4 kB\nVmFlags: rd wr mr \n"
				    "c000-f000 rw-p 0 00:00 0\nSwap: 4 kB\nVmFlags: rd wr uw \n";
	char directory[] = "marks.XXXXXX", path[64];
	struct region_attr none = { .start = 0x1000, .end = 0x9000 },
			   swap = { .start = 0xa000, .end = 0xb000 },
			   both = { .start = 0xc000, .end = 0xf000 },
			   other = { .start = 0xf000, .end = 0x10000 };
	struct swap_marks m = { .captured = true };
	uint64_t plain = PAGEMAP_SWAPPED, write = PAGEMAP_SWAPPED | PAGEMAP_UFFD_WP;
	FILE *file;

	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/smaps", directory);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(smaps, file);
	fclose(file);
	m.thread = open(directory, O_RDONLY | O_DIRECTORY);
	struct swap_marks early = m; /* as on Linux 6.13, whose guards have no bit */
	m.guards_have_bit = true;
	assert_int_equal(swap_mark_of(&m, &other, false, UINT64_C(0x400000000000005f)), SWAP_MARK_POISON);
	assert_int_equal(swap_mark_of(&m, &other, false, UINT64_C(0x420000000000003f)), SWAP_MARK_WRITE);
	assert_int_equal(swap_mark_of(&early, &other, false, UINT64_C(0x400000000000009f)), SWAP_MARK_GUARD);
	assert_int_equal(swap_mark_of(&m, &other, false, UINT64_C(0x4200000000012340)), SWAP_MARK_NONE);
	assert_int_equal(swap_mark_of(&m, &swap, true, plain), SWAP_MARK_POISON);
	assert_int_equal(swap_mark_of(&m, &swap, true, write), SWAP_MARK_WRITE);
	assert_int_equal(swap_mark_of(&m, &none, false, plain), SWAP_MARK_POISON);
	assert_int_equal(swap_mark_of(&early, &none, false, plain), SWAP_MARK_GUARD);
	assert_int_equal(swap_mark_of(&m, &none, false, write), SWAP_MARK_WRITE);
	assert_int_equal(swap_mark_of(&m, &swap, false, plain), SWAP_MARK_NONE);
	assert_int_equal(swap_mark_of(&m, &both, false, plain), SWAP_MARK_UNKNOWN);
	assert_int_equal(swap_mark_of(&m, &both, false, write), SWAP_MARK_UNKNOWN);
	assert_int_equal(swap_mark_of(&m, &other, false, plain), SWAP_MARK_NONE);
	swap_marks_fini(&early);
	swap_marks_fini(&m);
	close(m.thread);
	unlink(path);
	rmdir(directory);
}

static void test_frame_moves(void **state)
{
	uint64_t moves;

	(void)state;
	assert_true(frame_moves_parse("nr_free_pages 5\npgmigrate_success 7\npgmigrate_fail 100\ncow_ksm 3\n",
				      &moves));
	assert_int_equal(moves, 10);
	assert_false(frame_moves_parse("nr_free_pages 5\nno_pgmigrate_success 7\n", &moves));
	assert_false(frame_moves_parse("", &moves));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat),     cmocka_unit_test(test_smaps),
		cmocka_unit_test(test_identity), cmocka_unit_test(test_categories),
		cmocka_unit_test(test_words),    cmocka_unit_test(test_swap_marks),
		cmocka_unit_test(test_tiles),    cmocka_unit_test(test_frame_moves),
	};

	return cmocka_run_group_tests_name("proc_text", tests, NULL, NULL);
}
