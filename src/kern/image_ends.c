/* A segment of data, and how it is mapped:
 *
 *     LOAD  offset 0x2dd0  vaddr 0x3dd0  filesz 0x270  memsz 0x1278
 *
 *     maps  3000-4000  rw-p  offset 0x2000  libdemo.so    the file's part
 *           4000-6000  rw-p  offset 0                     0x3dd0 + 0x1278 = 0x5048: bss to 0x6000
 *
 * See elf(5), "Program header". */
#include "kern/image_ends.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "kern/mapped_file.h"

#define FILES_MAX 4096
#define HEADERS_MAX 64

struct image_end {
	uint64_t device, inode, offset; /* of the mapping of the file's part */
	uint64_t size; /* bytes from its beginning to where its memory ends; UINT64_MAX: not known */
};

struct segment {
	uint64_t offset, file_size, memory_size;
};

void image_ends_fini(struct image_ends *e)
{
	free(e->list);
	*e = (struct image_ends){ 0 };
}

static bool read_segment(int fd, bool wide, uint64_t at, struct segment *s)
{
	union {
		Elf64_Phdr wide;
		Elf32_Phdr narrow;
	} header;
	size_t size = wide ? sizeof header.wide : sizeof header.narrow;

	if (pread(fd, &header, size, (off_t)at) != (ssize_t)size)
		return false;
	*s = wide ? (struct segment){ header.wide.p_offset, header.wide.p_filesz, header.wide.p_memsz }
		  : (struct segment){ header.narrow.p_offset, header.narrow.p_filesz, header.narrow.p_memsz };
	return (wide ? header.wide.p_type : header.narrow.p_type) == PT_LOAD;
}

/* Finds the last segment that lies in a mapping of the file from an offset on. */
static uint64_t memory_size(int fd, uint64_t offset, uint64_t length)
{
	uint64_t size = UINT64_MAX, page = (uint64_t)sysconf(_SC_PAGESIZE);
	Elf64_Ehdr header = { 0 };
	struct segment s;

	if (pread(fd, &header, sizeof header, 0) < (ssize_t)sizeof(Elf32_Ehdr) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return size;
	bool wide = header.e_ident[EI_CLASS] == ELFCLASS64;
	const Elf32_Ehdr *narrow = (const Elf32_Ehdr *)&header;
	uint64_t at = wide ? header.e_phoff : narrow->e_phoff;
	size_t count = wide ? header.e_phnum : narrow->e_phnum;
	for (size_t i = 0; i < count && i < HEADERS_MAX; i++) {
		if (!read_segment(fd, wide, at + i * (wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)), &s) ||
		    s.offset >= offset + length || s.offset + s.file_size < offset ||
		    s.memory_size > UINT64_MAX / 4 || s.offset > UINT64_MAX / 4)
			continue;
		size = s.offset + s.memory_size > offset ? s.offset + s.memory_size - offset : 0;
		size = (size + page - 1) / page * page;
	}
	return size;
}

static uint64_t find_size(struct image_ends *e, const struct region_attr *a, int process)
{
	uint64_t device = (uint64_t)a->dev_major << 32 | a->dev_minor;

	for (size_t i = 0; i < e->count; i++)
		if (e->list[i].inode == a->inode && e->list[i].device == device &&
		    e->list[i].offset == a->offset)
			return e->list[i].size;
	if (e->count == FILES_MAX)
		e->count = 0;
	int fd = mapped_file_open(process, a, NULL);
	uint64_t size = fd < 0 ? UINT64_MAX : memory_size(fd, a->offset, a->end - a->start);
	if (fd >= 0)
		close(fd);
	mem_grow(e->list, e->cap, e->count + 1);
	e->list[e->count++] = (struct image_end){ device, a->inode, a->offset, size };
	return size;
}

void image_ends_check(struct image_ends *e, struct region_list *list, int process)
{
	for (size_t i = 1; i < list->count; i++) {
		struct region_attr *a = &list->attrs[i];
		const struct region_attr *before = &list->attrs[i - 1];

		if (a->kind != REGION_BSS || !before->inode)
			continue;
		uint64_t size = find_size(e, before, process);
		if (size != UINT64_MAX && before->start + size <= a->start)
			a->kind = REGION_ANON;
	}
}
