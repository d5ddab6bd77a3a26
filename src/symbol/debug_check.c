/* A section may be compressed, and claim to be larger than any memory. Compressed sections begin with their
 * size, in one of two forms:
 *
 *     .debug_info, SHF_COMPRESSED   Elf64_Chdr
 *     .zdebug_info                  "ZLIB" and eight bytes, big-endian (GNU's, before 2015)
 *
 * libdw returns names as pointers: into a string section (.debug_str, .debug_line_str), which therefore has
 * to end in a NUL, or into .debug_info itself (DW_FORM_string), which need not: its last entry may end in a
 * number. There, each name is checked. */
#include "symbol/debug_check.h"

#include <dwarf.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define NAME_BYTES_MAX 65536 /* longer than any compiler's */
#define PACKED_HEADER 12     /* of .zdebug_ */

/* The part of a section's name after ".debug_" or ".zdebug_"; NULL: it is another one. */
static const char *debug_section(Elf *elf, size_t names, Elf_Scn *section, GElf_Shdr *header)
{
	if (!gelf_getshdr(section, header) || header->sh_type == SHT_NOBITS)
		return NULL;
	const char *name = elf_strptr(elf, names, header->sh_name);
	if (name && text_begins(name, ".debug_"))
		return name + 7;
	return name && text_begins(name, ".zdebug_") ? name + 8 : NULL;
}

/* "info" or "info.dwo". */
static bool is_section(const char *name, const char *wanted)
{
	size_t len = strlen(wanted);
	return name && !strncmp(name, wanted, len) && (!name[len] || !strcmp(name + len, ".dwo"));
}

/* The uncompressed size of a section. */
static uint64_t unpacked_size(Elf_Scn *section, const GElf_Shdr *header)
{
	GElf_Chdr packed;
	if (header->sh_size > DEBUG_BYTES_MAX)
		return header->sh_size;
	if (header->sh_flags & SHF_COMPRESSED)
		return gelf_getchdr(section, &packed) ? packed.ch_size : UINT64_MAX;
	Elf_Data *data = elf_rawdata(section, NULL);
	if (!data || !data->d_buf || data->d_size < PACKED_HEADER || memcmp(data->d_buf, "ZLIB", 4) != 0)
		return header->sh_size;
	const uint8_t *bytes = data->d_buf;
	uint64_t size = 0;
	for (int i = 4; i < PACKED_HEADER; i++)
		size = size << 8 | bytes[i];
	return size;
}

int debug_check_size(Elf *elf, struct err *err)
{
	size_t names;
	uint64_t sum = 0;
	bool there = false;
	if (elf_getshdrstrndx(elf, &names) != 0)
		return err_set(err, ERR_NOT_FOUND, "%s", _("it has no debug information"));
	for (Elf_Scn *at = elf_nextscn(elf, NULL); at; at = elf_nextscn(elf, at)) {
		GElf_Shdr header;
		const char *name = debug_section(elf, names, at, &header);
		if (!name)
			continue;
		uint64_t size = unpacked_size(at, &header);
		if (size > DEBUG_BYTES_MAX - sum)
			return err_set(err, ERR_UNSUPPORTED, "%s",
				       _("its debug information is too large to be read (more than 1 GiB)"));
		sum += size;
		there |= is_section(name, "info");
	}
	return there ? 0 : err_set(err, ERR_NOT_FOUND, "%s", _("it has no debug information"));
}

int debug_check_names(Dwarf *dwarf, struct err *err)
{
	Elf *elf = dwarf_getelf(dwarf);
	size_t names;
	if (elf_getshdrstrndx(elf, &names) != 0)
		return 0;
	for (Elf_Scn *at = elf_nextscn(elf, NULL); at; at = elf_nextscn(elf, at)) {
		GElf_Shdr header;
		const char *name = debug_section(elf, names, at, &header);
		if (!is_section(name, "str") && !is_section(name, "line_str"))
			continue;
		Elf_Data *data = elf_getdata(at, NULL);
		if (data && data->d_buf && data->d_size && ((char *)data->d_buf)[data->d_size - 1] != '\0')
			return err_set(err, ERR_INPUT, "%s",
				       _("its debug information is damaged: a name in it is not terminated"));
	}
	return 0;
}

/* How many bytes there are from `at` to the end of the .debug_info section that holds it. */
static size_t bytes_left(Elf *elf, const char *at)
{
	size_t names;
	if (elf_getshdrstrndx(elf, &names) != 0)
		return 0;
	for (Elf_Scn *section = elf_nextscn(elf, NULL); section; section = elf_nextscn(elf, section)) {
		GElf_Shdr header;
		const char *name = debug_section(elf, names, section, &header);
		if (!is_section(name, "info") && !is_section(name, "types"))
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		const char *start = data ? data->d_buf : NULL;
		if (start && at >= start && at < start + data->d_size)
			return (size_t)(start + data->d_size - at);
	}
	return 0;
}

const char *debug_string(Dwarf_Attribute *attr)
{
	const char *text = dwarf_formstring(attr);
	size_t left = NAME_BYTES_MAX;
	if (!text)
		return NULL;
	if (attr->form == DW_FORM_string)
		left = bytes_left(dwarf_getelf(dwarf_cu_getdwarf(attr->cu)), text);
	if (left > NAME_BYTES_MAX)
		left = NAME_BYTES_MAX;
	return memchr(text, '\0', left) ? text : NULL;
}

bool debug_check_unit(Dwarf_Die *unit)
{
	static const unsigned used[] = { DW_AT_comp_dir, DW_AT_dwo_name, DW_AT_GNU_dwo_name };
	Dwarf_Attribute attr;
	for (size_t i = 0; i < sizeof used / sizeof *used; i++)
		if (dwarf_attr(unit, used[i], &attr) && dwarf_formstring(&attr) && !debug_string(&attr))
			return false;
	return true;
}

int debug_check_open(int fd, Elf **elf, Dwarf **dwarf, struct err *err)
{
	*dwarf = NULL;
	elf_version(EV_CURRENT);
	*elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!*elf || elf_kind(*elf) != ELF_K_ELF)
		return err_set(err, ERR_INPUT, "%s", _("it is not an ELF file"));
	if (debug_check_size(*elf, err) != 0)
		return -1;
	*dwarf = dwarf_begin_elf(*elf, DWARF_C_READ, NULL);
	if (!*dwarf)
		return err_set(err, ERR_INPUT, "%s", _("its debug information is damaged"));
	return debug_check_names(*dwarf, err);
}
