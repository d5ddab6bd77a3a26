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
 * All is moved by the same distance from the addresses that the file names. Bytes are read
 * from the file when they are needed, a block at a time, and not mapped: a file that somebody
 * cuts short meanwhile must not be the end of us.
 *
 * See "Exception Frames" in the Linux Standard Base, Core, and the DW_EH_PE_ encodings there. */
#include "symbol/unwind_tables.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define BLOCK 4096
#define LOADS_MAX 16
#define FILES_MAX 256
#define FILE_MAX (UINT64_C(1) << 32)

/* Encodings in .eh_frame_hdr. */
enum {
	PE_FORMAT = 0x0f,
	PE_UDATA4 = 0x03,
	PE_UDATA8 = 0x04,
	PE_SDATA4 = 0x0b,
	PE_SDATA8 = 0x0c,
	PE_ABSPTR = 0x00,
	PE_DATAREL_SDATA4 = 0x3b,
	PE_OMIT = 0xff,
};

struct image {
	uint64_t start, end;     /* the mapping that it was found by */
	uint64_t distance;       /* address minus the file's own */
	Elf64_Phdr loads[LOADS_MAX];
	size_t load_count;
	struct unwind_table table; /* count 0: none */
	int fd;
	const uint8_t *bytes;
	size_t size;
	uint8_t **blocks;        /* of the file, those that were read */
	size_t block_count;
};

struct unwind_tables {
	struct unwind_files files;
	struct image *images;    /* by start */
	size_t count, cap;
	size_t last;             /* that was read from */
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

/* A block of the file, with zeroes behind its end; NULL where there is none. */
static const uint8_t *block_at(struct image *image, uint64_t number)
{
	if (number >= FILE_MAX / BLOCK)
		return NULL;
	if (number >= image->block_count) {
		size_t count = (size_t)number + 1 > 2 * image->block_count ? (size_t)number + 1 : 2 * image->block_count;

		image->blocks = mem_realloc(image->blocks, count * sizeof *image->blocks);
		memset(image->blocks + image->block_count, 0, (count - image->block_count) * sizeof *image->blocks);
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

/* The bytes at an address of the process, where the file has them. */
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

/* One encoded number at *at, which moves behind it. `at` counts in addresses of the process. */
static bool read_encoded(struct image *image, uint8_t encoding, uint64_t header, uint64_t *at, uint64_t *value)
{
	static const uint8_t sizes[16] = {8, 0, 2, 4, 8, 0, 0, 0, 0, 0, 2, 4, 8};
	size_t size = sizes[encoding & PE_FORMAT];
	uint64_t raw = 0;

	if (encoding == PE_OMIT || !size || !read_image(image, *at, &raw, size))
		return false;
	if (encoding & 8 && size < 8 && raw >> (8 * size - 1))
		raw |= UINT64_MAX << 8 * size;
	switch (encoding & 0x70) {
	case 0x00:
		break;
	case 0x10: /* from where it stands */
		raw += *at;
		break;
	case 0x30: /* from the header on */
		raw += header;
		break;
	default:
		return false;
	}
	*at += size;
	*value = raw;
	return true;
}

/* The search table that begins at `header`; count stays 0 where it is none that we can use. */
static void read_table(struct image *image, uint64_t header)
{
	uint8_t start[4]; /* version and the three encodings */
	uint64_t at = header + sizeof start, frames, count;

	if (!read_image(image, header, start, sizeof start) || start[0] != 1 || start[3] != PE_DATAREL_SDATA4 ||
	    !read_encoded(image, start[1], header, &at, &frames) ||
	    !read_encoded(image, start[2], header, &at, &count))
		return;
	image->table = (struct unwind_table){image->start, image->end, header, at, count};
}

static bool read_headers(struct image *image, uint64_t offset)
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
		/* mappings begin with a page: a little before the segment, it may be */
		if (!placed && phdr.p_flags & PF_X && offset + (image->end - image->start) > phdr.p_offset &&
		    offset < phdr.p_offset + phdr.p_filesz) {
			image->distance = image->start - offset - (phdr.p_vaddr - phdr.p_offset);
			placed = true;
		}
	}
	if (placed && header)
		read_table(image, header + image->distance);
	return placed;
}

/* The image whose mapping holds the address, or where it would stand. */
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
	struct image image = {.start = mapping->start, .end = mapping->end, .fd = mapping->fd,
			      .bytes = mapping->bytes, .size = mapping->size};

	if (!read_headers(&image, mapping->offset))
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
	struct image *image = index < t->count && t->images[index].start <= address ? &t->images[index] : NULL;
	struct unwind_mapping mapping = {.fd = -1};

	if (!image) {
		if (t->count == FILES_MAX || !t->files.find(t->files.context, address, &mapping))
			return false;
		image = add_image(t, index, &mapping);
	}
	t->last = (size_t)(image - t->images);
	*table = image->table;
	return image->table.count > 0;
}

bool unwind_tables_read(struct unwind_tables *t, uint64_t address, uint64_t *word)
{
	if (t->last < t->count && read_image(&t->images[t->last], address, word, sizeof *word))
		return true;
	for (size_t i = 0; i < t->count; i++)
		if (read_image(&t->images[i], address, word, sizeof *word)) {
			t->last = i;
			return true;
		}
	return false;
}
