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
 * All addresses are moved by the same distance from those in the file. Bytes are read from the file in blocks
 * when they are needed, and not mapped: a file that is truncated meanwhile must not kill us.
 *
 * A static program may have no such table, and Go programs only have .debug_frame, which no segment holds and
 * which may be compressed: these are found by the section headers. We keep a list of their functions, and
 * make a table of one entry for the function that is looked up.
 *
 * See "Exception Frames" in the Linux Standard Base, Core, and the DW_EH_PE_ encodings there. */
#include "symbol/unwind_tables.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bisect.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "symbol/file_blocks.h"
#include "symbol/frame_section.h"
#include "symbol/unwind_frames.h"

#define LOADS_MAX 16
#define FILES_MAX 256

#define HEADER_MAX 20
#define DESCRIPTION_MAX 4096           /* longer descriptions are left to libunwind */
#define PE_DATAREL_SDATA4 0x3b         /* the encoding of entries that all known files use */
#define MADE (UINT64_C(0xf) << 60)     /* where our own table lies, */
#define MADE_BYTES (UINT64_C(1) << 32) /* and the sections, this far above it and above each other */

struct unwind_image {
	uint64_t start, end; /* the mapping that it was found by */
	uint64_t distance;   /* address minus the file's own */
	Elf64_Phdr loads[LOADS_MAX];
	size_t load_count;
	struct unwind_table table; /* count 0: none */
	bool made;                 /* the sections were examined, for */
	struct frame_section frames;
	struct module *module;     /* where the file's bytes are; NULL: */
	int fd;                    /* the file, with */
	struct file_blocks blocks; /* those that were read; -1: */
	const uint8_t *bytes;
	size_t size;
	struct unwind_sites *sites; /* without a module: what was found in it; NULL: nothing yet */
};

struct unwind_tables {
	struct unwind_files files;
	struct unwind_image *images; /* by start */
	size_t count, cap;
	size_t last;       /* the one read from last */
	uint64_t sections; /* how many have got an address so far */
	struct {           /* our own table, as in .eh_frame_hdr */
		int32_t code, description;
	} entry;
};

struct unwind_tables *unwind_tables_create(const struct unwind_files *files)
{
	struct unwind_tables *t = mem_zalloc(sizeof *t);

	t->files = *files;
	return t;
}

static void image_fini(struct unwind_image *image)
{
	module_release(image->module);
	file_blocks_fini(&image->blocks);
	frame_section_fini(&image->frames);
	free(image->sites);
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

static bool read_file(struct unwind_image *image, uint64_t offset, void *to, size_t length)
{
	if (image->module)
		return module_copy(image->module, offset, to, length) == length;
	if (image->fd < 0) {
		if (offset > image->size || length > image->size - offset)
			return false;
		memcpy(to, image->bytes + offset, length);
		return true;
	}
	return file_blocks_read(&image->blocks, image->fd, offset, to, length) == length;
}

/* Reads the bytes at an address of the process, if the file has them. */
static bool read_image(struct unwind_image *image, uint64_t address, void *to, size_t length)
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

/* Reads the search table that begins at `header`; count stays 0 if it cannot be used. */
static void read_table(struct unwind_image *image, uint64_t header)
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

static bool read_headers(struct unwind_image *image, uint64_t offset)
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
	return placed;
}

/* The image with the mapping that holds the address, or where it would be inserted. */
static size_t image_index(const struct unwind_tables *t, uint64_t address)
{
	size_t at;

	bisect(at, 0, t->count, t->images[at].end <= address);
	return at;
}

static struct unwind_image *add_image(struct unwind_tables *t, size_t index,
				      const struct unwind_mapping *mapping)
{
	struct unwind_image image = { .start = mapping->start,
				      .end = mapping->end,
				      .module = mapping->module,
				      .fd = mapping->fd,
				      .bytes = mapping->bytes,
				      .size = mapping->size };

	if (!read_headers(&image, mapping->offset))
		image.load_count = 0;
	mem_grow(t->images, t->cap, t->count + 1);
	memmove(t->images + index + 1, t->images + index, (t->count - index) * sizeof *t->images);
	t->images[index] = image;
	t->count++;
	return &t->images[index];
}

/* The image with the mapping that holds the address, opened if needed; NULL: no file is there. */
static struct unwind_image *image_at(struct unwind_tables *t, uint64_t address)
{
	size_t index = image_index(t, address);
	struct unwind_mapping mapping = { .fd = -1 };

	if (index < t->count && t->images[index].start <= address)
		return &t->images[index];
	if (t->count == FILES_MAX || !t->files.find(t->files.context, address, &mapping))
		return NULL;
	return add_image(t, index, &mapping);
}

bool unwind_tables_find(struct unwind_tables *t, uint64_t address, struct unwind_table *table)
{
	struct unwind_image *image = image_at(t, address);

	if (!image)
		return false;
	t->last = (size_t)(image - t->images);
	*table = image->table;
	return image->table.count > 0;
}

/* A search in a table compares only the low halves of addresses, so the base need not be near the code, and
 * an entry that begins as low as possible covers any address that is looked up. */
bool unwind_tables_make(struct unwind_tables *t, uint64_t address, struct unwind_table *table)
{
	struct unwind_image *image = image_at(t, address);

	if (!image || !image->load_count)
		return false;
	int fd = image->module ? module_bytes_fd(image->module) : image->fd;
	if (!image->made && fd >= 0) {
		frame_section_read(&image->frames, fd, image->distance, !image->table.count);
		if (image->frames.bytes)
			image->frames.address = MADE + MADE_BYTES * ++t->sections;
	}
	image->made = true;
	const struct unwind_entry *entry =
	    unwind_entry_find(image->frames.entries, image->frames.count, address);
	if (!entry)
		return false;
	t->entry.code = INT32_MIN;
	t->entry.description = (int32_t)entry->description;
	*table = (struct unwind_table){ image->start, image->end, image->frames.address, MADE, 1 };
	return true;
}

/* Reads a word of our own table, or of a section; with zeroes after it. */
static bool read_made(const struct unwind_tables *t, uint64_t address, uint64_t *word)
{
	*word = 0;
	if (address == MADE)
		memcpy(word, &t->entry, sizeof *word);
	for (size_t i = 0; i < t->count; i++) {
		const struct frame_section *frames = &t->images[i].frames;
		uint64_t at = address - frames->address;

		if (!frames->bytes || at >= frames->length)
			continue;
		memcpy(word, frames->bytes + at, min(frames->length - at, sizeof *word));
		return true;
	}
	return address == MADE;
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

/* The description (FDE) that the table has for an address; 0: none. */
static uint64_t search(struct unwind_image *image, uint64_t address)
{
	const struct unwind_table *table = &image->table;
	int64_t wanted = (int64_t)(address - table->base);
	struct {
		int32_t code, description;
	} entry, found = { 0, 0 };
	uint64_t low = 0, high = table->count;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (!read_image(image, table->entries + middle * sizeof entry, &entry, sizeof entry))
			return 0;
		if (entry.code <= wanted) {
			found = entry;
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low ? table->base + (uint64_t)(int64_t)found.description : 0;
}

static bool read_description(struct unwind_image *image, uint64_t address,
			     uint8_t bytes[static DESCRIPTION_MAX], struct unwind_description *description)
{
	uint32_t length;

	if (!read_image(image, address, &length, sizeof length) || length > DESCRIPTION_MAX - sizeof length ||
	    !read_image(image, address, bytes, sizeof length + length))
		return false;
	*description = (struct unwind_description){ bytes, sizeof length + length, address };
	return true;
}

static struct unwind_site read_site(struct unwind_image *image, uint64_t address)
{
	struct unwind_site site = { 0, { .kind = UNWIND_ROW_OTHER } }, read;
	uint8_t fde_bytes[DESCRIPTION_MAX], cie_bytes[DESCRIPTION_MAX];
	struct unwind_description fde, cie;
	uint64_t at = search(image, address);

	if (at && read_description(image, at, fde_bytes, &fde) && (at = unwind_row_cie(&fde)) &&
	    read_description(image, at, cie_bytes, &cie) &&
	    unwind_row_read(&cie, &fde, address, &read.start, &read.row))
		site = read;
	return site;
}

static struct unwind_sites *sites_of(struct unwind_image *image)
{
	if (image->module)
		return module_sites(image->module);
	if (!image->sites)
		image->sites = mem_zalloc(sizeof *image->sites);
	return image->sites;
}

/* Caches a site, by its address in the file. */
static void keep_site(struct unwind_image *image, uint64_t address, struct unwind_site site)
{
	if (site.start)
		site.start -= image->distance;
	unwind_sites_add(sites_of(image), address - image->distance, &site);
}

bool unwind_tables_site(struct unwind_tables *t, uint64_t address, struct unwind_site *site)
{
	struct unwind_image *image = image_at(t, address);

	if (!image)
		return false;
	if (unwind_sites_find(sites_of(image), address - image->distance, site)) {
		site->start += site->start ? image->distance : 0;
		return true;
	}
	*site = read_site(image, address);
	keep_site(image, address, *site);
	return true;
}

void unwind_tables_keep_start(struct unwind_tables *t, uint64_t address, uint64_t start)
{
	struct unwind_image *image = image_at(t, address);
	struct unwind_site site;

	if (!image || !unwind_tables_site(t, address, &site))
		return;
	site.start = start;
	keep_site(image, address, site);
}

void unwind_tables_keep_none(struct unwind_tables *t, uint64_t address)
{
	struct unwind_image *image = image_at(t, address);
	struct unwind_site site;

	if (!image || !unwind_tables_site(t, address, &site))
		return;
	site.row = (struct unwind_row){ .kind = UNWIND_ROW_NONE };
	keep_site(image, address, site);
}

ptrdiff_t unwind_tables_code(struct unwind_tables *t, uint64_t address, uint8_t *bytes, size_t size)
{
	struct unwind_image *image = image_at(t, address);

	if (!image)
		return -1;
	while (size && !read_image(image, address, bytes, size))
		size--;
	return (ptrdiff_t)size;
}
