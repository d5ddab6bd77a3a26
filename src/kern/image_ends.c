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

#define FILES_MAX 4096
#define HEADERS_MAX 64

struct image_end {
	uint64_t device, inode, offset, length; /* of the mapping of the file's part */
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

static struct segment segment_of(const uint8_t *header, bool wide, bool *load)
{
	Elf64_Phdr w;
	Elf32_Phdr n;

	if (wide) {
		memcpy(&w, header, sizeof w);
		*load = w.p_type == PT_LOAD;
		return (struct segment){ w.p_offset, w.p_filesz, w.p_memsz };
	}
	memcpy(&n, header, sizeof n);
	*load = n.p_type == PT_LOAD;
	return (struct segment){ n.p_offset, n.p_filesz, n.p_memsz };
}

/* Finds the last segment that lies in a mapping of the file from an offset on. */
static uint64_t memory_size(int fd, uint64_t offset, uint64_t length)
{
	uint64_t size = UINT64_MAX, page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint8_t headers[HEADERS_MAX * sizeof(Elf64_Phdr)];
	Elf64_Ehdr header = { 0 };

	if (pread(fd, &header, sizeof header, 0) < (ssize_t)sizeof(Elf32_Ehdr) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return size;
	bool wide = header.e_ident[EI_CLASS] == ELFCLASS64, load;
	const Elf32_Ehdr *narrow = (const Elf32_Ehdr *)&header;
	size_t each = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	size_t count = wide ? header.e_phnum : narrow->e_phnum;
	ssize_t got = pread(fd, headers, (count < HEADERS_MAX ? count : HEADERS_MAX) * each,
			    (off_t)(wide ? header.e_phoff : narrow->e_phoff));

	for (size_t at = 0; got > 0 && at + each <= (size_t)got; at += each) {
		struct segment s = segment_of(headers + at, wide, &load);

		if (!load || s.offset >= offset + length || s.offset + s.file_size < offset ||
		    s.memory_size > UINT64_MAX / 4 || s.offset > UINT64_MAX / 4)
			continue;
		size = s.offset + s.memory_size > offset ? s.offset + s.memory_size - offset : 0;
		size = (size + page - 1) / page * page;
	}
	return size;
}

static uint64_t find_size(struct image_ends *e, const struct region_attr *a, struct pagecache *cache)
{
	uint64_t device = (uint64_t)a->dev_major << 32 | a->dev_minor, length = a->end - a->start;

	for (size_t i = 0; i < e->count; i++)
		if (e->list[i].inode == a->inode && e->list[i].device == device &&
		    e->list[i].offset == a->offset && e->list[i].length == length)
			return e->list[i].size;
	if (e->count == FILES_MAX)
		e->count = 0;
	int fd = pagecache_file(cache, a)->fd;
	uint64_t size = fd < 0 ? UINT64_MAX : memory_size(fd, a->offset, length);
	mem_grow(e->list, e->cap, e->count + 1);
	e->list[e->count++] = (struct image_end){ device, a->inode, a->offset, length, size };
	return size;
}

void image_ends_check(struct image_ends *e, struct region_list *list, struct pagecache *cache)
{
	for (size_t i = 1; i < list->count; i++) {
		struct region_attr *a = &list->attrs[i];
		const struct region_attr *before = &list->attrs[i - 1];

		if (a->kind != REGION_BSS || !before->inode)
			continue;
		uint64_t size = find_size(e, before, cache);
		if (size != UINT64_MAX && before->start + size <= a->start)
			a->kind = REGION_ANON;
	}
}
