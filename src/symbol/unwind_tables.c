/* A file's search table is found through its program headers:
 *
 *     LOAD          offset 0x28000  vaddr 0x28000    holds the code
 *     GNU_EH_FRAME  offset 0x1d8a40 vaddr 0x1d8a40   .eh_frame_hdr:
 *
 *         01 1b 03 3b                version; encodings: of the pointer to .eh_frame,
 *                                    of the count, of the entries
 *         f4 84 01 00                .eh_frame
 *         6c 1d 00 00                7,532 entries
 *         5c 72 e4 ff  74 84 01 00   first address, its description; from .eh_frame_hdr on
 *
 * All addresses are moved by the same distance from those in the file. Bytes are read from the
 * file when they are needed, a block at a time, and not mapped: a file that somebody cuts short
 * meanwhile must not kill us.
 *
 * A static program may have no such table: then one is made of .eh_frame, which is found by the
 * section headers.
 *
 * See "Exception Frames" in the Linux Standard Base, Core, and the DW_EH_PE_ encodings there. */
#include "symbol/unwind_tables.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "symbol/unwind_frames.h"

#define BLOCK 4096
#define LOADS_MAX 16
#define FILES_MAX 256
#define FILE_MAX (UINT64_C(1) << 32)

#define FRAMES_MAX (64u << 20)
#define HEADER_MAX 20
#define PE_DATAREL_SDATA4 0x3b     /* how entries are encoded, wherever there are any */
#define MADE (UINT64_C(0xf) << 60) /* where our own tables lie, each at an address of its own */

struct image {
	uint64_t start, end; /* the mapping that it was found by */
	uint64_t distance;   /* address minus the file's own */
	Elf64_Phdr loads[LOADS_MAX];
	size_t load_count;
	struct unwind_table table; /* count 0: none */
	struct unwind_entry *made; /* the entries of a table of our own; else NULL */
	int fd;
	const uint8_t *bytes;
	size_t size;
	uint8_t **blocks; /* of the file, those that were read */
	size_t block_count;
};

struct unwind_tables {
	struct unwind_files files;
	struct image *images; /* by start */
	size_t count, cap;
	size_t last;   /* the one read from last */
	uint64_t made; /* our own tables, so far */
};

struct unwind_tables *unwind_tables_create(const struct unwind_files *files)
{
	struct unwind_tables *t = mem_zalloc(sizeof *t);

	t->files = *files;
	return t;
}

static void image_fini(struct image *image)
{
	for (size_t i = 0; i < image->block_count; i++)
		free(image->blocks[i]);
	free(image->blocks);
	free(image->made);
	if (image->fd >= 0)
		close(image->fd);
}

void unwind_tables_flush(struct unwind_tables *t)
{
	for (size_t i = 0; i < t->count; i++)
		image_fini(&t->images[i]);
	t->count = t->last = 0;
}

void unwind_tables_destroy(struct unwind_tables *t)
{
	if (!t)
		return;
	unwind_tables_flush(t);
	free(t->images);
	free(t);
}

/* A block of the file, with zeroes behind the file's end; NULL if there is none. */
static const uint8_t *block_at(struct image *image, uint64_t number)
{
	if (number >= FILE_MAX / BLOCK)
		return NULL;
	if (number >= image->block_count) {
		size_t count =
		    (size_t)number + 1 > 2 * image->block_count ? (size_t)number + 1 : 2 * image->block_count;

		image->blocks = mem_realloc(image->blocks, count * sizeof *image->blocks);
		memset(image->blocks + image->block_count, 0,
		       (count - image->block_count) * sizeof *image->blocks);
		image->block_count = count;
	}
	if (!image->blocks[number]) {
		uint8_t *block = mem_zalloc(BLOCK);

		if (pread(image->fd, block, BLOCK, (off_t)(number * BLOCK)) <= 0) {
			free(block);
			return NULL;
		}
		image->blocks[number] = block;
	}
	return image->blocks[number];
}

static bool read_file(struct image *image, uint64_t offset, void *to, size_t length)
{
	if (image->fd < 0) {
		if (offset > image->size || length > image->size - offset)
			return false;
		memcpy(to, image->bytes + offset, length);
		return true;
	}
	while (length) {
		const uint8_t *block = block_at(image, offset / BLOCK);
		size_t at = offset % BLOCK, n = BLOCK - at < length ? BLOCK - at : length;

		if (!block)
			return false;
		memcpy(to, block + at, n);
		to = (uint8_t *)to + n;
		offset += n;
		length -= n;
	}
	return true;
}

/* The bytes at an address of the process, if the file has them. */
static bool read_image(struct image *image, uint64_t address, void *to, size_t length)
{
	uint64_t vaddr = address - image->distance;

	for (size_t i = 0; i < image->load_count; i++) {
		const Elf64_Phdr *load = &image->loads[i];

		if (vaddr >= load->p_vaddr && vaddr - load->p_vaddr < load->p_filesz &&
		    length <= load->p_filesz - (vaddr - load->p_vaddr))
			return read_file(image, load->p_offset + (vaddr - load->p_vaddr), to, length);
	}
	return false;
}

/* The search table that begins at `header`; count stays 0 if we cannot use it. */
static void read_table(struct image *image, uint64_t header)
{
	uint8_t start[HEADER_MAX]; /* version, three encodings, two numbers */
	size_t at = 4, length = sizeof start;
	uint64_t frames, count;

	while (length > 4 && !read_image(image, header, start, length))
		length--;
	if (length > 4 && start[0] == 1 && start[3] == PE_DATAREL_SDATA4 &&
	    unwind_read_encoded(start, length, start[1], header, header, &at, &frames) &&
	    unwind_read_encoded(start, length, start[2], header, header, &at, &count))
		image->table = (struct unwind_table){ image->start, image->end, header, header + at, count };
}

/* The section of that name, by the section headers; false if there is none. */
static bool find_section(struct image *image, const Elf64_Ehdr *ehdr, const char *name, Elf64_Shdr *section)
{
	Elf64_Shdr names;
	char found[16] = "";
	size_t length = strlen(name) + 1;

	if (ehdr->e_shentsize != sizeof names ||
	    !read_file(image, ehdr->e_shoff + ehdr->e_shstrndx * sizeof names, &names, sizeof names))
		return false;
	for (unsigned i = 1; i < ehdr->e_shnum; i++)
		if (read_file(image, ehdr->e_shoff + i * sizeof *section, section, sizeof *section) &&
		    section->sh_type != SHT_NOBITS &&
		    read_file(image, names.sh_offset + section->sh_name, found, length) &&
		    !strcmp(found, name))
			return true;
	return false;
}

/* A table of our own, if the file has none. */
static void make_table(struct unwind_tables *t, struct image *image, const Elf64_Ehdr *ehdr)
{
	Elf64_Shdr section;

	if (!find_section(image, ehdr, ".eh_frame", &section) || section.sh_size > FRAMES_MAX)
		return;
	uint8_t *bytes = mem_alloc(section.sh_size + 1);
	uint64_t address = section.sh_addr + image->distance;
	if (read_file(image, section.sh_offset, bytes, section.sh_size)) {
		size_t count = unwind_frames_read(bytes, section.sh_size, address, &image->made);

		image->table = (struct unwind_table){ image->start, image->end, address,
						      MADE + (t->made++ << 32), count };
	}
	free(bytes);
}

static bool read_headers(struct unwind_tables *t, struct image *image, uint64_t offset)
{
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr;
	bool placed = false;
	uint64_t header = 0;

	if (!read_file(image, 0, &ehdr, sizeof ehdr) || memcmp(ehdr.e_ident, ELFMAG, SELFMAG) != 0 ||
	    ehdr.e_ident[EI_CLASS] != ELFCLASS64 || ehdr.e_phentsize != sizeof phdr)
		return false;
	for (unsigned i = 0; i < ehdr.e_phnum; i++) {
		if (!read_file(image, ehdr.e_phoff + i * sizeof phdr, &phdr, sizeof phdr))
			return false;
		if (phdr.p_type == PT_GNU_EH_FRAME)
			header = phdr.p_vaddr;
		if (phdr.p_type != PT_LOAD || image->load_count == LOADS_MAX)
			continue;
		image->loads[image->load_count++] = phdr;
		/* a mapping begins with a page, maybe a little before the segment */
		if (!placed && phdr.p_flags & PF_X && offset + (image->end - image->start) > phdr.p_offset &&
		    offset < phdr.p_offset + phdr.p_filesz) {
			image->distance = image->start - offset - (phdr.p_vaddr - phdr.p_offset);
			placed = true;
		}
	}
	if (placed && header)
		read_table(image, header + image->distance);
	else if (placed)
		make_table(t, image, &ehdr);
	return placed;
}

/* The image whose mapping holds the address, or where it would be inserted. */
static size_t image_index(const struct unwind_tables *t, uint64_t address)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->images[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct image *add_image(struct unwind_tables *t, size_t index, const struct unwind_mapping *mapping)
{
	struct image image = { .start = mapping->start,
			       .end = mapping->end,
			       .fd = mapping->fd,
			       .bytes = mapping->bytes,
			       .size = mapping->size };

	if (!read_headers(t, &image, mapping->offset))
		image.load_count = 0;
	mem_grow(t->images, t->cap, t->count + 1);
	memmove(t->images + index + 1, t->images + index, (t->count - index) * sizeof *t->images);
	t->images[index] = image;
	t->count++;
	return &t->images[index];
}

bool unwind_tables_find(struct unwind_tables *t, uint64_t address, struct unwind_table *table)
{
	size_t index = image_index(t, address);
	struct image *image =
	    index < t->count && t->images[index].start <= address ? &t->images[index] : NULL;
	struct unwind_mapping mapping = { .fd = -1 };

	if (!image) {
		if (t->count == FILES_MAX || !t->files.find(t->files.context, address, &mapping))
			return false;
		image = add_image(t, index, &mapping);
	}
	t->last = (size_t)(image - t->images);
	*table = image->table;
	return image->table.count > 0;
}

/* A word of a table of our own. */
static bool read_made(const struct unwind_tables *t, uint64_t address, uint64_t *word)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct image *image = &t->images[i];
		uint64_t at = address - image->table.entries;

		if (image->made && at < image->table.count * sizeof *image->made) {
			memcpy(word, image->made + at / sizeof *image->made, sizeof *word);
			return true;
		}
	}
	return false;
}

bool unwind_tables_read(struct unwind_tables *t, uint64_t address, uint64_t *word)
{
	if (address >= MADE)
		return read_made(t, address, word);
	if (t->last < t->count && read_image(&t->images[t->last], address, word, sizeof *word))
		return true;
	for (size_t i = 0; i < t->count; i++)
		if (read_image(&t->images[i], address, word, sizeof *word)) {
			t->last = i;
			return true;
		}
	return false;
}
