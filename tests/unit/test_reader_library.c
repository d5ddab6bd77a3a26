/* What a reader makes of the regions of a library. */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kern/reader.h"
#include "unit/check.h"

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

#define ROOM 8 /* pages that a library and what is behind it take */

/* Maps it, with anonymous pages behind, and room kept behind these. */
static uint8_t *map_library(int fd, size_t pages)
{
	uint8_t *at = mmap(NULL, ROOM * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(at != MAP_FAILED);
	assert_true(mmap(at, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 0) == at);
	assert_true(mmap(at + 4096, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 4096) ==
		    at + 4096);
	assert_int_equal(mprotect(at + 8192, pages * 4096, PROT_READ | PROT_WRITE), 0);
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
		at[i] = map_library(fd, 1);
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
		munmap(at[i], ROOM * 4096);
		unlink(paths[i]);
	}
	rmdir(odd);
	rmdir(folder);
	region_list_fini(&list);
	reader_close(r);
}

/* A region that a library's data is followed by: its page, counted from the library's first one, its size, its
 * rights, and what it is. */
struct expected {
	size_t page, pages;
	uint8_t perms;
	enum region_kind kind;
	bool joined;
};

static void expect_regions(struct reader *r, const uint8_t *at, const struct expected *wanted, size_t n)
{
	struct region_list list = { 0 };
	struct err err = { 0 };

	assert_int_equal(reader_regions(r, &list, &err), 0);
	for (size_t i = 0; i < n; i++) {
		const struct expected *w = &wanted[i];
		const struct region_attr *a = region_at(&list, at + w->page * 4096);

		assert_non_null(a);
		if (!a)
			continue; /* for compilers that do not know that it does not return */
		assert_int_equal(a->end - a->start, w->pages * 4096);
		assert_int_equal(a->perms, w->perms);
		assert_int_equal(a->kind, w->kind);
		assert_int_equal(a->joined, w->joined);
		assert_int_equal(a->inode, 0);
	}
	region_list_fini(&list);
}

/* The kernel joins what is mapped right behind a bss to it, and cuts a bss where rights differ: what it is goes by
 * the image's end. */
static void test_joined(void **state)
{
	enum { RW = REGION_READ | REGION_WRITE };
	static const struct expected whole[] = { { 2, 3, RW, REGION_BSS, false } },
				     joined[] = { { 2, 3, RW, REGION_BSS, false },
						  { 5, 2, RW, REGION_ANON, true },
						  { 7, 1, 0, REGION_ANON, false } },
				     cut[] = { { 2, 1, RW, REGION_BSS, false },
					       { 3, 1, REGION_READ, REGION_BSS, false },
					       { 4, 1, RW, REGION_BSS, false },
					       { 5, 2, RW, REGION_ANON, true } },
				     apart[] = { { 4, 1, RW, REGION_BSS, false },
						 { 5, 2, REGION_READ, REGION_ANON, false } };
	char path[] = "/tmp/pagescape-library.XXXXXX";
	struct reader_options options = { 0 };
	struct err err = { 0 };

	if (sysconf(_SC_PAGESIZE) != 4096)
		skip();
	close(mkstemp(path));
	int fd = make_library(path, 3 * 4096 + 0x100);
	uint8_t *at = map_library(fd, 3), *end = at + 5 * 4096;
	struct reader *r = reader_open(getpid(), &options, &err);

	assert_non_null(r);
	close(fd);
	expect_regions(r, at, whole, sizeof whole / sizeof *whole);
	assert_int_equal(munmap(end, 2 * 4096), 0);
	assert_true(mmap(end, 2 * 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == end);
	expect_regions(r, at, joined, sizeof joined / sizeof *joined);
	assert_int_equal(mprotect(at + 3 * 4096, 4096, PROT_READ), 0);
	expect_regions(r, at, cut, sizeof cut / sizeof *cut);
	assert_int_equal(mprotect(end, 2 * 4096, PROT_READ), 0);
	expect_regions(r, at, apart, sizeof apart / sizeof *apart);
	munmap(at, ROOM * 4096);
	unlink(path);
	reader_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_behind_library),
		cmocka_unit_test(test_joined),
	};
	return cmocka_run_group_tests_name("reader_library", tests, NULL, NULL);
}
