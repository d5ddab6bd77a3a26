/* Whole readers on captured trees (tests/fixtures), whole, in part and missing. */
#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/reader.h"
#include "unit/reader_check.h"

/* A captured tree, copied to a folder of ours: page map and program are made here. */
struct tree {
	char root[64];
};

static void copy_file(const char *from, const char *to)
{
	char bytes[1 << 16];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n = read(in, bytes, sizeof bytes);

	assert_true(in >= 0 && out >= 0 && n >= 0 && n < (ssize_t)sizeof bytes);
	assert_int_equal(write(out, bytes, (size_t)n), n);
	close(in);
	close(out);
}

static void copy_files(const char *from, const char *to)
{
	DIR *dir = opendir(from);
	const struct dirent *entry;
	char source[4200], target[4200];

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		snprintf(source, sizeof source, "%s/%s", from, entry->d_name);
		snprintf(target, sizeof target, "%s/%s", to, entry->d_name);
		if (entry->d_type == DT_REG)
			copy_file(source, target);
	}
	closedir(dir);
}

static void make_pagemap(const char *process, uint64_t mask)
{
	char path[4200];
	uint64_t page, entry;
	FILE *entries;
	int fd;

	snprintf(path, sizeof path, "%s/entries", process);
	entries = fopen(path, "r");
	snprintf(path, sizeof path, "%s/pagemap", process);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(entries && fd >= 0);
	while (fscanf(entries, "%" SCNx64 " %" SCNx64, &page, &entry) == 2) {
		entry &= mask;
		assert_int_equal(pwrite(fd, &entry, 8, (off_t)(page * 8)), 8);
	}
	fclose(entries);
	close(fd);
}

static void make_exe(const char *process, unsigned char class)
{
	unsigned char ident[EI_NIDENT] = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, class };
	char path[4200], link[4200];
	int fd;

	snprintf(path, sizeof path, "%s/program", process);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, ident, sizeof ident), sizeof ident);
	close(fd);
	snprintf(link, sizeof link, "%s/exe", process);
	assert_int_equal(symlink("program", link), 0);
}

static void make_tree(struct tree *t, const char *fixture, uint64_t mask, unsigned char class)
{
	char from[4200], process[128];

	snprintf(t->root, sizeof t->root, "tree.XXXXXX");
	assert_non_null(mkdtemp(t->root));
	snprintf(process, sizeof process, "%s/4242", t->root);
	assert_int_equal(mkdir(process, 0700), 0);
	snprintf(from, sizeof from, "%s/fixtures/%s", TESTS_DIR, fixture);
	copy_files(from, t->root);
	snprintf(from, sizeof from, "%s/fixtures/%s/4242", TESTS_DIR, fixture);
	copy_files(from, process);
	make_pagemap(process, mask);
	make_exe(process, class);
}

static void remove_tree(const struct tree *t)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf '%s'", t->root);
	assert_int_equal(system(command), 0);
}

static void count_tiles(const struct tiles *t, uint64_t counts[static PAGE_STATES])
{
	for (size_t i = 0; i < t->count; i++)
		counts[page_state(t->run[i].value)] += t->run[i].end - t->run[i].first;
}

static void check_tree(const char *fixture, uint64_t mask, int bits, unsigned char class)
{
	struct tree t;
	struct region_list list = { 0 };
	struct region_sums *entries;
	struct tiles tiles = { 0 };
	struct event_process who;
	struct process_stat st;
	struct err err;
	uint64_t all[PAGE_STATES] = { 0 };
	size_t n;

	make_tree(&t, fixture, mask, class);

	struct reader_options options = { .proc_root = t.root };
	struct reader *r = open_reader(4242, &options);

	assert_int_equal(reader_identity(r, &who, &err), 0);
	assert_string_equal(who.comm, bits == 64 ? "demo64" : "demo32");
	assert_int_equal(who.bits, bits);
	assert_int_equal(who.address_bits, bits == 64 ? 48 : 32);
	assert_int_equal(who.uid, 0);
	assert_int_equal(reader_stat(r, &st, &err), 0);
	assert_int_equal(st.counters.state, 'T');
	assert_int_equal(reader_source(r, SOURCE_PAGEMAP_SCAN)->code, ERR_UNSUPPORTED);
	assert_int_equal(reader_regions(r, &list, &err), 0);
	assert_int_equal(reader_smaps(r, &entries, &n, &err), 0);
	assert_int_equal(n, list.count);
	for (size_t i = 0; i < n; i++) {
		uint64_t counts[PAGE_STATES] = { 0 };

		read_region(r, &list.attrs[i], &tiles);
		count_tiles(&tiles, counts);
		count_tiles(&tiles, all);
		assert_true(page_resident(counts) << 12 == entries[i].rss);
		assert_true(counts[PAGE_SWAP] << 12 == entries[i].swap);
	}
	assert_int_equal(all[PAGE_GUARD], 1);
	assert_true(all[PAGE_SHM] == 1 && all[PAGE_FILE] > 100 && all[PAGE_COPY] > 5 && all[PAGE_ANON] > 5);
	free(entries);
	tiles_fini(&tiles);
	region_list_fini(&list);
	reader_close(r);
	remove_tree(&t);
}

static void test_captured(void **state)
{
	check_tree("demo64", UINT64_MAX, 64, ELFCLASS64);
	check_tree("demo32", ~((UINT64_C(1) << 55) - 1), 32, ELFCLASS32); /* as without rights: no frames */
}

/* What is switched off or missing is reported as such, and nothing is guessed. */
static void test_switched_off(void **state)
{
	struct tree t;
	struct region_list list = { 0 };
	struct tiles tiles = { 0 };
	struct err err;
	char path[128];

	make_tree(&t, "demo64", UINT64_MAX, ELFCLASS64);

	struct reader_options options = { .proc_root = t.root };

	options.off[SOURCE_PAGEMAP] = true;

	struct reader *r = open_reader(4242, &options);

	assert_int_equal(reader_regions(r, &list, &err), 0);
	read_region(r, &list.attrs[0], &tiles);
	assert_int_equal(tiles.count, 1);
	assert_int_equal(tiles.run[0].value, page_unknown(PAGE_WHY_OFF));
	assert_int_equal(reader_source(r, SOURCE_PAGEMAP)->code, ERR_OFF);
	assert_int_equal(reader_source(r, SOURCE_PAGEMAP_SCAN)->code, ERR_OFF);
	reader_close(r);

	snprintf(path, sizeof path, "%s/4242/pagemap", t.root);
	assert_int_equal(unlink(path), 0);
	options.off[SOURCE_PAGEMAP] = false;
	r = open_reader(4242, &options);
	read_region(r, &list.attrs[0], &tiles);
	assert_int_equal(tiles.run[0].value, page_unknown(PAGE_WHY_DENIED));
	reader_close(r);

	tiles_fini(&tiles);
	region_list_fini(&list);
	remove_tree(&t);
}

static void check_refused(int32_t pid, const char *root, enum err_code code)
{
	struct reader_options options = { .proc_root = root };
	struct err err = { 0 };

	assert_null(reader_open(pid, &options, &err));
	if (err.code != code)
		print_error("%s\n", err.text);
	assert_int_equal(err.code, code);
	assert_true(strlen(err.text) > 0);
}

static void test_refusals(void **state)
{
	pid_t pid = fork();
	siginfo_t info;
	struct tree t;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	check_refused(pid, NULL, ERR_GONE);
	waitpid(pid, NULL, 0);
	check_refused(pid, NULL, ERR_NOT_FOUND);
	check_refused(0, NULL, ERR_NOT_FOUND);
	check_refused(-1, NULL, ERR_NOT_FOUND);
	check_refused(1, "/no/such/root", ERR_NOT_FOUND);
	make_tree(&t, "demo64", UINT64_MAX, ELFCLASS64);
	check_refused(4243, t.root, ERR_NOT_FOUND);

	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/4242/stat", t.root);
	f = fopen(path, "w");
	fputs("4242 (kworker/0:1) I 2 0 0 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0 1 0 0 0 0 0\n", f);
	fclose(f);
	check_refused(4242, t.root, ERR_UNSUPPORTED);
	remove_tree(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_captured),
		cmocka_unit_test(test_switched_off),
		cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests_name("reader_captured", tests, NULL, NULL);
}
