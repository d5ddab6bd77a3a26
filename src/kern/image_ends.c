/* A segment of data, and how it is mapped:
 *
 *     LOAD  offset 0x2dd0  vaddr 0x3dd0  filesz 0x270  memsz 0x1278
 *
 *     maps  3000-4000  rw-p  offset 0x2000  libdemo.so    the file's part
 *           4000-6000  rw-p  offset 0                     0x3dd0 + 0x1278 = 0x5048: bss to 0x6000
 *
 * The kernel knows no bss, only memory without a file. It has one mapping for a bss and what the program
 * mapped right behind it, if their rights are the same, and several for a bss whose parts got different
 * rights:
 *
 *           4000-9000  rw-p  offset 0                     bss to 0x6000, mapped by the program from there on
 *
 * See elf(5), "Program header". */
#include "kern/image_ends.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/minmax.h"

#define FILES_MAX 4096
#define HEADERS_MAX 64

struct image_end {
	uint64_t device, inode, offset, length; /* of the mapping of the file's part */
	uint64_t size; /* bytes from its beginning to the end of its memory; UINT64_MAX: not known */
};

struct loaded_segment {
	uint64_t offset, file_size, memory_size;
};

void image_ends_fini(struct image_ends *e)
{
	free(e->list);
	*e = (struct image_ends){ 0 };
}

static struct loaded_segment segment_of(const uint8_t *header, bool wide, bool *load)
{
	Elf64_Phdr w;
	Elf32_Phdr n;

	if (wide) {
		memcpy(&w, header, sizeof w);
		*load = w.p_type == PT_LOAD;
		return (struct loaded_segment){ w.p_offset, w.p_filesz, w.p_memsz };
	}
	memcpy(&n, header, sizeof n);
	*load = n.p_type == PT_LOAD;
	return (struct loaded_segment){ n.p_offset, n.p_filesz, n.p_memsz };
}

/* Finds the last segment in a mapping of the file from an offset on. */
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
	ssize_t got = pread(fd, headers, min(count, HEADERS_MAX) * each,
			    (off_t)(wide ? header.e_phoff : narrow->e_phoff));

	for (size_t at = 0; got > 0 && at + each <= (size_t)got; at += each) {
		struct loaded_segment s = segment_of(headers + at, wide, &load);

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

/* Can it be part of a bss, as far as maps says? */
static bool is_plain(const struct region_attr *a)
{
	return !a->inode && !(a->perms & REGION_MAY_SHARE) && (!a->path[0] || a->kind == REGION_HEAP);
}

/* Sets the kinds of what follows an image's data, whose memory ends at `end`. Returns the number of the
 * region that continues beyond that end, or 0. */
static size_t set_kinds(struct region_list *list, size_t i, uint64_t end)
{
	for (; i < list->count; i++) {
		struct region_attr *a = &list->attrs[i];

		if (a->start != a[-1].end || !is_plain(a))
			break;
		if (a->start >= end) {
			if (a->kind == REGION_BSS)
				a->kind = REGION_ANON;
			break;
		}
		if (a->end > end)
			return i;
		a->kind = REGION_BSS;
	}
	return 0;
}

static void split(struct region_list *list, size_t i, uint64_t end)
{
	struct region_attr *a;

	mem_grow(list->attrs, list->cap, list->count + 1);
	a = &list->attrs[i];
	memmove(a + 1, a, (list->count++ - i) * sizeof *a);
	a[0].end = a[1].start = end;
	a[0].kind = REGION_BSS;
	a[0].path = "";
	a[1].joined = true;
	if (a[1].kind == REGION_BSS)
		a[1].kind = REGION_ANON;
}

/* Looks up the image's end for each file's last part in a sequence of regions. */
static void check(struct image_ends *e, struct region_list *list, struct pagecache *cache, bool may_split)
{
	for (size_t i = 1; i < list->count; i++) {
		const struct region_attr *a = &list->attrs[i], *before = a - 1;

		if ((before->kind != REGION_DATA && before->kind != REGION_RODATA) || !before->inode ||
		    before->end != a->start || !is_plain(a))
			continue;
		uint64_t size = find_size(e, before, cache), end = before->start + size;
		size_t across = size == UINT64_MAX ? 0 : set_kinds(list, i, end);

		if (across && may_split)
			split(list, across, end);
	}
}

void image_ends_check(struct image_ends *e, struct region_list *list, struct pagecache *cache)
{
	check(e, list, cache, false);
}

void image_ends_split(struct image_ends *e, struct region_list *list, struct pagecache *cache)
{
	check(e, list, cache, true);
}
