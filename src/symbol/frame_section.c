/* Sections are found by name with libelf, which also decompresses them: .debug_frame may be compressed, by
 * the ELF standard (SHF_COMPRESSED) or, as .zdebug_frame, by that of older GNU tools:
 *
 *     5a 4c 49 42                     "ZLIB"
 *     00 00 00 00 00 01 2f e8         uncompressed length, big-endian
 *     ...                             zlib data */
#include "symbol/frame_section.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SECTION_MAX (64u << 20)

void frame_section_fini(struct frame_section *s)
{
	free(s->entries);
	free(s->bytes);
	*s = (struct frame_section){ 0 };
}

/* The uncompressed size of a section as it is in the file. 0: it is malformed. */
static uint64_t unpacked_size(Elf_Scn *section, const GElf_Shdr *header, bool zdebug)
{
	uint64_t size = 0;
	GElf_Chdr packed;

	if (header->sh_flags & SHF_COMPRESSED)
		return gelf_getchdr(section, &packed) ? packed.ch_size : 0;
	if (!zdebug)
		return header->sh_size;
	const Elf_Data *data = elf_rawdata(section, NULL);
	if (!data || data->d_size < 12 || memcmp(data->d_buf, "ZLIB", 4) != 0)
		return 0;
	for (size_t i = 4; i < 12; i++)
		size = size << 8 | ((const uint8_t *)data->d_buf)[i];
	return size;
}

static bool take_bytes(struct frame_section *s, Elf_Scn *section, const GElf_Shdr *header, bool zdebug)
{
	uint64_t size = unpacked_size(section, header, zdebug);

	if (!size || size > SECTION_MAX || header->sh_size > SECTION_MAX || header->sh_type == SHT_NOBITS)
		return false;
	if (header->sh_flags & SHF_COMPRESSED ? elf_compress(section, 0, 0) < 0
					      : zdebug && elf_compress_gnu(section, 0, 0) < 0)
		return false;
	const Elf_Data *data = elf_rawdata(section, NULL);
	if (!data || !data->d_size || !data->d_buf)
		return false;
	s->bytes = mem_copy(data->d_buf, data->d_size);
	s->length = data->d_size;
	return true;
}

static void read_section(struct frame_section *s, Elf *elf, uint64_t distance, bool eh_frame)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return;
	while (!s->count && (section = elf_nextscn(elf, section))) {
		const char *name =
		    gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
		bool zdebug = name && !strcmp(name, ".zdebug_frame");

		if (zdebug || (name && !strcmp(name, ".debug_frame"))) {
			if (take_bytes(s, section, &header, zdebug))
				s->count =
				    unwind_debug_frames_read(s->bytes, s->length, distance, &s->entries);
		} else if (eh_frame && name && !strcmp(name, ".eh_frame")) {
			s->address = header.sh_addr + distance;
			if (take_bytes(s, section, &header, false))
				s->count = unwind_frames_read(s->bytes, s->length, s->address, &s->entries);
			free(s->bytes); /* a segment holds it */
			s->bytes = NULL;
		}
		if (!s->count)
			frame_section_fini(s);
	}
}

void frame_section_read(struct frame_section *s, int fd, uint64_t distance, bool eh_frame)
{
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);

	*s = (struct frame_section){ 0 };
	if (elf)
		read_section(s, elf, distance, eh_frame);
	elf_end(elf);
}
