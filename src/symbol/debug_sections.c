/* Which sections of a file are debug information, and how much it is: looked at before libdw
 * takes them in. A section may be packed, and say that it is larger than any memory. */
#include "symbol/debug_sections.h"

#include <gelf.h>
#include <stdbool.h>
#include <string.h>

#include "base/i18n.h"

static bool is_debug_section(const char *name)
{
	return name && (!strncmp(name, ".debug_", 7) || !strncmp(name, ".zdebug_", 8));
}

/* How large it is once it is unpacked. */
static uint64_t section_size(Elf_Scn *section, const GElf_Shdr *header)
{
	GElf_Chdr packed;
	if (!(header->sh_flags & SHF_COMPRESSED))
		return header->sh_size;
	return gelf_getchdr(section, &packed) ? packed.ch_size : UINT64_MAX;
}

int debug_sections_check(Elf *elf, struct err *err)
{
	size_t names;
	uint64_t sum = 0;
	bool there = false;
	if (elf_getshdrstrndx(elf, &names) != 0)
		return err_set(err, ERR_NOT_FOUND, "%s", _("it has no debug information"));
	for (Elf_Scn *at = elf_nextscn(elf, NULL); at; at = elf_nextscn(elf, at)) {
		GElf_Shdr header;
		const char *name = gelf_getshdr(at, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
		if (!is_debug_section(name) || header.sh_type == SHT_NOBITS)
			continue;
		uint64_t size = section_size(at, &header);
		if (name[1] == 'z')
			return err_set(
			    err, ERR_UNSUPPORTED, "%s",
			    _("its debug information is packed in the old GNU way, which is not read"));
		if (size > DEBUG_BYTES_MAX - sum)
			return err_set(err, ERR_UNSUPPORTED, "%s",
				       _("its debug information is too large to be read (more than 1 GiB)"));
		sum += size;
		there |= !strcmp(name, ".debug_info");
	}
	return there ? 0 : err_set(err, ERR_NOT_FOUND, "%s", _("it has no debug information"));
}
