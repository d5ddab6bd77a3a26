/* Whole readers: on captured trees (tests/fixtures), and on processes of our own that
 * exec, end, or leave their first thread. */
#include "check.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "kern/processes.h"
#include "kern/reader.h"

#define DEADLINE (10 * CLOCK_SECOND)

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

static struct reader *open_reader(int32_t pid, const struct reader_options *options)
{
	struct err err = { 0 };
	struct reader *r = reader_open(pid, options, &err);

	if (!r)
		print_error("%s\n", err.text);
	assert_non_null(r);
	return r;
}

static void read_region(struct reader *r, const struct region_attr *a, struct tiles *t)
{
	unsigned shift = reader_page_shift(r);
	struct err err;
	uint64_t done;

	t->count = 0;
	assert_int_equal(reader_pages(r, a, a->start >> shift, a->end >> shift, true, 0, t, &done, &err), 0);
	assert_true(done == a->end >> shift);
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
	assert_int_equal(reader_source(r, SOURCE_PAGEMAP)->code, ERR_UNSUPPORTED);
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

static void wait_for_state(pid_t pid, char wanted)
{
	uint64_t until = clock_now_ns() + DEADLINE;
	char path[64], text[512], state = 0;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	while (state != wanted && clock_now_ns() < until) {
		FILE *f = fopen(path, "r");

		assert_non_null(f);
		if (fgets(text, sizeof text, f) && strrchr(text, ')'))
			state = strrchr(text, ')')[2];
		fclose(f);
	}
	assert_int_equal(state, wanted);
}

/* A child of ours that runs `work`, then waits for its end. */
static pid_t start(void (*work)(void))
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (work)
			work();
		for (;;)
			pause();
	}
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void exit_at_once(void)
{
	_exit(0);
}

static void test_refusals(void **state)
{
	pid_t pid = start(exit_at_once);
	struct tree t;

	wait_for_state(pid, 'Z');
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

static void become_undumpable(void)
{
	prctl(PR_SET_DUMPABLE, 0);
}

/* Somebody else's process, and one that keeps all others out: seen as an ordinary user. */
static void test_denied(void **state)
{
	pid_t other, hidden, child;
	int status;

	if (geteuid() != 0)
		skip();
	other = start(NULL);
	child = fork();
	if (child == 0) {
		struct reader_options options = { 0 };
		struct err err = { 0 };
		bool good;

		if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
			_exit(2);
		good =
		    !reader_open(other, &options, &err) && err.code == ERR_DENIED && strstr(err.text, "root");
		hidden = start(become_undumpable);
		for (uint64_t until = clock_now_ns() + DEADLINE; good && clock_now_ns() < until;) {
			struct reader *r = reader_open(hidden, &options, &err);

			if (!r)
				break;
			reader_close(r);
		}
		good = good && err.code == ERR_DENIED && strstr(err.text, "CAP_SYS_PTRACE");
		kill(hidden, SIGKILL);
		_exit(good ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	stop(other);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int go[2];

static void exec_when_asked(void)
{
	char byte;

	if (read(go[0], &byte, 1) == 1)
		execlp("sleep", "sleep", "1000", (char *)NULL);
	_exit(1);
}

static void test_exec(void **state)
{
	struct reader_options options = { 0 };
	struct region_list before = { 0 }, after = { 0 };
	struct tiles tiles = { 0 };
	struct process_stat first, second;
	struct event_process who;
	struct err err;
	uint64_t done, until = clock_now_ns() + DEADLINE;
	pid_t pid;

	assert_int_equal(pipe(go), 0);
	pid = start(exec_when_asked);

	struct reader *r = open_reader(pid, &options);

	assert_int_equal(reader_regions(r, &before, &err), 0);
	assert_int_equal(reader_stat(r, &first, &err), 0);
	assert_int_equal(write(go[1], "x", 1), 1);
	do {
		assert_int_equal(reader_identity(r, &who, &err), 0);
		assert_true(clock_now_ns() < until);
	} while (strcmp(who.comm, "sleep") != 0);

	/* the old regions are gone: that is reported, not "all reserved" */
	const struct region_attr *a = &before.attrs[0];

	assert_int_equal(reader_pages(r, a, a->start >> 12, a->end >> 12, false, 0, &tiles, &done, &err), -1);
	assert_int_equal(err.code, ERR_GONE);
	do { /* the new name is there before the new program is mapped */
		assert_int_equal(reader_regions(r, &after, &err), 0);
		assert_true(clock_now_ns() < until);
	} while (!strstr(after.attrs[0].path, "sleep"));
	do { /* until the new program has read its own header */
		read_region(r, &after.attrs[0], &tiles);
		assert_true(clock_now_ns() < until);
	} while (page_state(tiles.run[0].value) != PAGE_FILE);
	assert_int_equal(reader_stat(r, &second, &err), 0);
	assert_true(first.start_stack != second.start_stack);

	stop(pid);
	assert_int_equal(reader_regions(r, &after, &err), -1);
	assert_int_equal(err.code, ERR_GONE);
	assert_int_equal(reader_stat(r, &second, &err), -1);
	assert_int_equal(err.code, ERR_GONE);
	assert_int_equal(reader_identity(r, &who, &err), -1);
	tiles_fini(&tiles);
	region_list_fini(&before);
	region_list_fini(&after);
	reader_close(r);
	close(go[0]);
	close(go[1]);
}

static void *wait_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void leave_first_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, wait_for_ever, NULL) == 0)
		pthread_exit(NULL);
}

static void test_first_thread_gone(void **state)
{
	struct reader_options options = { 0 };
	struct region_list list = { 0 };
	struct tiles tiles = { 0 };
	struct err err;
	pid_t pid = start(leave_first_thread);

	wait_for_state(pid, 'Z');

	struct reader *r = open_reader(pid, &options);

	assert_int_equal(reader_regions(r, &list, &err), 0);
	assert_true(list.count > 5);
	read_region(r, &list.attrs[0], &tiles);
	reader_close(r);
	stop(pid);
	tiles_fini(&tiles);
	region_list_fini(&list);
}

static struct region_attr find_region(const struct region_list *list, const void *at)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->attrs[i].start <= (uintptr_t)at && (uintptr_t)at < list->attrs[i].end)
			return list->attrs[i];
	}
	fail_msg("%p is in no region", at);
	return (struct region_attr){ 0 };
}

/* A limit of time ends a look early; going on from there gives the same as one look. */
static void test_time_limit(void **state)
{
	struct reader_options options = { 0 };
	struct region_list list = { 0 };
	struct tiles whole = { 0 }, parts = { 0 };
	struct err err;
	size_t size = (size_t)1 << 32, looks = 0;
	unsigned char *at =
	    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	assert_ptr_not_equal(at, MAP_FAILED);
	madvise(at, size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < 1000; i++)
		at[i * 4198400 + i % 7 * 4096] = 1;

	struct reader *r = open_reader(getpid(), &options);

	assert_int_equal(reader_regions(r, &list, &err), 0);

	struct region_attr a = find_region(&list, at);

	read_region(r, &a, &whole);
	for (uint64_t page = a.start >> 12; page < a.end >> 12; looks++) {
		uint64_t done;

		assert_int_equal(reader_pages(r, &a, page, a.end >> 12, false, 1, &parts, &done, &err), 0);
		assert_true(done > page);
		page = done;
	}
	assert_true(looks > 1);
	assert_int_equal(whole.count, parts.count);
	for (size_t i = 0; i < whole.count; i++)
		assert_true(whole.run[i].first == parts.run[i].first &&
			    whole.run[i].value == parts.run[i].value);
	munmap(at, size);
	tiles_fini(&whole);
	tiles_fini(&parts);
	region_list_fini(&list);
	reader_close(r);
}

static void check_inspected(struct reader *r, const struct region_list *list, const unsigned char *at,
			    enum page_state expected, struct page_detail *d)
{
	struct region_attr a = find_region(list, at);
	struct err err;

	assert_int_equal(reader_inspect(r, &a, (uintptr_t)at >> 12, INSPECT_BYTES, d, &err), 0);
	assert_int_equal(page_state(d->word), expected);
	assert_true(d->entry.known);
	const struct detail_figure *figures[] = { &d->entry, &d->frame, &d->kflags, &d->mapcount,
						  &d->cached };

	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
		assert_int_equal(figures[i]->refused, !figures[i]->known);
		assert_int_equal(figures[i]->refused, *figures[i]->why != '\0');
	}
	assert_int_equal(d->bytes_refused, d->bytes_len == 0);
	assert_int_equal(d->bytes_refused, *d->bytes_why != '\0');
}

static void test_inspect(void **state)
{
	struct reader_options options = { 0 };
	struct region_list list = { 0 };
	struct page_detail *d = mem_alloc(sizeof *d);
	struct err err;
	unsigned char *at = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = memfd_create("inspect", MFD_CLOEXEC);
	unsigned char *file, there = 1;

	assert_true(fd >= 0 && write(fd, "cached", 6) == 6);
	file = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	madvise(at, 4 * 4096, MADV_NOHUGEPAGE);
	memset(at, 'a', 4096);
	(void)*(volatile unsigned char *)(at + 4096);

	struct reader *r = open_reader(getpid(), &options);

	assert_int_equal(reader_regions(r, &list, &err), 0);
	check_inspected(r, &list, at, PAGE_ANON, d);
	assert_true(d->word & PAGE_EXCLUSIVE);
	assert_int_equal(d->bytes_len, 4096);
	assert_memory_equal(d->bytes, at, 4096);
	assert_int_equal(d->frame.known && d->frame.value, d->frame.known);
	if (d->mapcount.known)
		assert_int_equal(d->mapcount.value, 1);
	check_inspected(r, &list, at + 4096, PAGE_ZERO, d);
	assert_int_equal(d->bytes_len, 4096);
	assert_int_equal(d->bytes[100], 0);
	check_inspected(r, &list, at + 2 * 4096, PAGE_RESERVED, d);
	assert_int_equal(d->bytes_len, 0);
	assert_int_equal(mincore(at + 2 * 4096, 4096, &there), 0);
	assert_int_equal(there & 1, 0); /* looking did not touch it */
	check_inspected(r, &list, file, PAGE_CACHED, d);
	assert_true(d->cached.known && d->cached.value);
	assert_memory_equal(d->bytes, "cached", 6);
	check_inspected(r, &list, file, PAGE_CACHED, d); /* nor was that */

	assert_int_equal(reader_inspect(r, NULL, 16, INSPECT_BYTES, d, &err), 0);
	assert_int_equal(page_state(d->word), PAGE_NONE);
	assert_int_equal(d->bytes_len, 0);

	munmap(at, 4 * 4096);
	munmap(file, 4096);
	close(fd);
	free(d);
	region_list_fini(&list);
	reader_close(r);
}

static void test_processes(void **state)
{
	struct process_info *list;
	pid_t pid = start(NULL);
	size_t n = processes_list(NULL, &list);
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		assert_int_not_equal(list[i].pid, getpid());
		assert_true(i == 0 || list[i].pid > list[i - 1].pid);
		if (list[i].pid != pid)
			continue;
		found = true;
		assert_int_equal(list[i].refused, PROCESS_WATCHABLE);
		assert_int_equal(list[i].uid, geteuid());
		assert_non_null(strstr(list[i].command, "test_reader"));
		assert_true(list[i].resident > 0 && list[i].virtual_size >= list[i].resident);
	}
	assert_true(found);
	processes_free(list, n);
	stop(pid);
}

/* A library of one page of code and one of data, whose memory ends `memory` bytes after that begins. */
static int make_library(const char *path, uint64_t memory)
{
	struct {
		Elf64_Ehdr header;
		Elf64_Phdr segments[2];
	} file = { .header = { .e_type = ET_DYN,
			       .e_phoff = sizeof(Elf64_Ehdr),
			       .e_phentsize = sizeof(Elf64_Phdr),
			       .e_phnum = 2 },
		   .segments = {
		       { .p_type = PT_LOAD, .p_filesz = 4096, .p_memsz = 4096, .p_flags = PF_R | PF_X },
		       { .p_type = PT_LOAD,
			 .p_offset = 4096,
			 .p_vaddr = 4096,
			 .p_filesz = 0x100,
			 .p_memsz = memory,
			 .p_flags = PF_R | PF_W } } };
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	memcpy(file.header.e_ident, ELFMAG, SELFMAG);
	file.header.e_ident[EI_CLASS] = ELFCLASS64;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, &file, sizeof file), sizeof file);
	assert_int_equal(ftruncate(fd, 8192), 0);
	return fd;
}

/* Maps it, with an anonymous page behind. */
static uint8_t *map_library(int fd)
{
	uint8_t *at = mmap(NULL, 5 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(at != MAP_FAILED);
	assert_true(mmap(at, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 0) == at);
	assert_true(mmap(at + 4096, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 4096) ==
		    at + 4096);
	assert_int_equal(mprotect(at + 8192, 4096, PROT_READ | PROT_WRITE), 0);
	return at;
}

static const struct region_attr *region_at(const struct region_list *list, const uint8_t *at)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->attrs[i].start == (uint64_t)(uintptr_t)at)
			return &list->attrs[i];
	fail();
	return NULL;
}

/* What lies behind a library is its bss only as far as its headers say; and a folder's name may have
 * the characters that maps writes for a newline. */
static void test_behind_library(void **state)
{
	char folder[] = "/tmp/pagescape-reader.XXXXXX", odd[64], paths[2][80];
	const uint64_t memory[] = { 0x100, 0x1100 };
	uint8_t *at[2];
	struct region_list list = { 0 };
	struct reader_options options = { 0 };
	struct err err = { 0 };

	if (sysconf(_SC_PAGESIZE) != 4096)
		skip();
	assert_non_null(mkdtemp(folder));
	snprintf(odd, sizeof odd, "%s/a\\012b", folder);
	assert_int_equal(mkdir(odd, 0700), 0);
	for (int i = 0; i < 2; i++) {
		snprintf(paths[i], sizeof paths[i], i ? "%s/x\ny" : "%s/x", odd);
		int fd = make_library(paths[i], memory[i]);
		at[i] = map_library(fd);
		close(fd);
	}
	struct reader *r = reader_open(getpid(), &options, &err);
	assert_non_null(r);
	assert_int_equal(reader_regions(r, &list, &err), 0);
	for (int i = 0; i < 2; i++) {
		const struct region_attr *text = region_at(&list, at[i]),
					 *data = region_at(&list, at[i] + 4096),
					 *bss = region_at(&list, at[i] + 8192);

		if (!text || !data || !bss)
			fail_msg("regions of %s are missing", paths[i]);
		assert_string_equal(text->path, paths[i]);
		assert_int_equal(text->kind, REGION_TEXT);
		assert_int_equal(data->kind, REGION_DATA);
		assert_int_equal(bss->kind, i ? REGION_BSS : REGION_ANON);
		munmap(at[i], 5 * 4096);
		unlink(paths[i]);
	}
	rmdir(odd);
	rmdir(folder);
	region_list_fini(&list);
	reader_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_captured),   cmocka_unit_test(test_switched_off),
		cmocka_unit_test(test_refusals),   cmocka_unit_test(test_denied),
		cmocka_unit_test(test_exec),       cmocka_unit_test(test_first_thread_gone),
		cmocka_unit_test(test_time_limit), cmocka_unit_test(test_inspect),
		cmocka_unit_test(test_processes),  cmocka_unit_test(test_behind_library),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
