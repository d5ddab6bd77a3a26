/* DWARF, read by libdw.
 *
 * The information of a file is a row of units, one for each source file that was compiled:
 *
 *     unit  demo.c  0x1139..0x1240
 *       subprogram main  0x1180..0x1240
 *         inlined_subroutine fill  0x11a0..0x11c0   call_file demo.c  call_line 31
 *
 * and a table of lines for each unit. To find an address, the unit is taken from a sorted
 * table of ranges that we make once; then we go down the tree, always into what holds the
 * address. The line within the innermost function comes from the line table; that of each
 * caller from where the inlined one says that it was called.
 *
 * libdw has functions for the way down (dwarf_getscopes); ours counts its steps, for a
 * damaged file can send one round in circles. Nothing but what is in this file, and the
 * parts that dwz has moved to a shared one or the compiler to a .dwo, is ever opened: no network,
 * no device or pipe that the file may name for its own ends. */
#include "symbol/debug_info.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "symbol/debug_file.h"
#include "symbol/demangle.h"
#include "symbol/plain_file.h"

#define DEBUG_BYTES_MAX (UINT64_C(1) << 30) /* of debug sections, unpacked */
#define UNITS_MAX 1000000
#define RANGES_MAX ((size_t)8 << 20)
#define RANGES_DOWN 256   /* ranges looked at below the nearest */
#define STEPS_MAX 4000000 /* entries looked at in one search */
#define DEPTH_MAX 128

struct unit_range {
	uint64_t start, end;
	uint64_t reach;      /* the largest end of this and all before */
	Dwarf_Off unit;      /* of its first entry */
};

struct debug_info {
	int fd, alt_fd;
	Elf *elf;
	Dwarf *dwarf, *alt;
	struct unit_range *ranges; /* by start */
	size_t count, cap;
	const char *missing;       /* of the last answer */
	char *demangled[DEBUG_FRAMES_MAX], *paths[DEBUG_FRAMES_MAX]; /* texts of the last answer */
};

/* The way down to an address. */
struct search {
	uint64_t vaddr;
	Dwarf_Die chain[DEPTH_MAX]; /* functions, outermost first */
	size_t count;
	size_t steps;
	bool everywhere;     /* into what does not hold the address, too */
};

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

/* Sums up the debug sections; says whether there are units or lines at all. */
static int check_sections(Elf *elf, struct err *err)
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
			return err_set(err, ERR_UNSUPPORTED, "%s",
				       _("its debug information is packed in the old GNU way, which is not read"));
		if (size > DEBUG_BYTES_MAX - sum)
			return err_set(err, ERR_UNSUPPORTED, "%s",
				       _("its debug information is too large to be read (more than 1 GiB)"));
		sum += size;
		there |= !strcmp(name, ".debug_info");
	}
	return there ? 0 : err_set(err, ERR_NOT_FOUND, "%s", _("it has no debug information"));
}

/* The file that dwz has moved common parts to, where there is one. */
static int open_shared_part(struct debug_info *d, int root, struct err *err)
{
	const char *name;
	const void *id;
	ssize_t len = dwelf_dwarf_gnu_debugaltlink(d->dwarf, &name, &id);
	if (len == 0)
		return 0;
	d->alt_fd = len < 0 ? -1 : debug_file_open_by_id(root, id, (size_t)len);
	Elf *elf = d->alt_fd < 0 ? NULL : elf_begin(d->alt_fd, ELF_C_READ, NULL);
	bool sound = elf && check_sections(elf, NULL) == 0;
	elf_end(elf);
	if (sound)
		d->alt = dwarf_begin(d->alt_fd, DWARF_C_READ);
	if (!d->alt)
		return err_set(err, ERR_NOT_FOUND, "%s",
			       _("a part of its debug information is missing (packed by dwz, see /usr/lib/debug/.dwz)"));
	dwarf_setalt(d->dwarf, d->alt);
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct unit_range *x = a, *y = b;
	return (x->start > y->start) - (x->start < y->start);
}

static void gather_ranges(struct debug_info *d)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	uint8_t type;
	for (size_t units = 0; units < UNITS_MAX; units++) {
		if (dwarf_get_units(d->dwarf, unit, &unit, NULL, &type, &die, NULL) != 0)
			break;
		if (!die.addr || type == DW_UT_type || type == DW_UT_split_type)
			continue;
		Dwarf_Addr base, start, end;
		for (ptrdiff_t at = 0; (at = dwarf_ranges(&die, at, &base, &start, &end)) > 0;) {
			if (start >= end || d->count == RANGES_MAX)
				continue;
			mem_grow(d->ranges, d->cap, d->count + 1);
			d->ranges[d->count++] = (struct unit_range){start, end, 0, dwarf_dieoffset(&die)};
		}
	}
	if (d->count)
		qsort(d->ranges, d->count, sizeof *d->ranges, by_start);
	uint64_t reach = 0;
	for (size_t i = 0; i < d->count; i++) {
		reach = d->ranges[i].end > reach ? d->ranges[i].end : reach;
		d->ranges[i].reach = reach;
	}
}

static int open_dwarf(struct debug_info *d, int root, struct err *err)
{
	elf_version(EV_CURRENT);
	d->elf = elf_begin(d->fd, ELF_C_READ, NULL);
	if (!d->elf || elf_kind(d->elf) != ELF_K_ELF)
		return err_set(err, ERR_INPUT, "%s", _("it is not an ELF file"));
	if (check_sections(d->elf, err) != 0)
		return -1;
	d->dwarf = dwarf_begin_elf(d->elf, DWARF_C_READ, NULL);
	if (!d->dwarf)
		return err_set(err, ERR_INPUT, "%s", _("its debug information is damaged"));
	return open_shared_part(d, root, err);
}

struct debug_info *debug_info_open(int fd, int root, struct err *err)
{
	struct debug_info *d = mem_zalloc(sizeof *d);
	d->fd = fd;
	d->alt_fd = -1;
	if (open_dwarf(d, root, err) != 0) {
		debug_info_close(d);
		return NULL;
	}
	gather_ranges(d);
	return d;
}

static void forget_texts(struct debug_info *d)
{
	for (size_t i = 0; i < DEBUG_FRAMES_MAX; i++) {
		free(d->demangled[i]);
		free(d->paths[i]);
		d->demangled[i] = d->paths[i] = NULL;
	}
}

void debug_info_close(struct debug_info *d)
{
	if (!d)
		return;
	forget_texts(d);
	dwarf_end(d->dwarf);
	dwarf_end(d->alt);
	elf_end(d->elf);
	if (d->fd >= 0)
		close(d->fd);
	if (d->alt_fd >= 0)
		close(d->alt_fd);
	free(d->ranges);
	free(d);
}

static bool find_unit(const struct debug_info *d, uint64_t vaddr, Dwarf_Die *unit)
{
	size_t low = 0, high = d->count, seen = 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (d->ranges[middle].start <= vaddr)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low > 0 && d->ranges[low - 1].reach > vaddr && seen < RANGES_DOWN; low--, seen++)
		if (d->ranges[low - 1].end > vaddr)
			return dwarf_offdie(d->dwarf, d->ranges[low - 1].unit, unit) != NULL;
	return false;
}

static bool is_function(int tag)
{
	return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine || tag == DW_TAG_entry_point;
}

/* May what holds code be below it without itself having addresses? */
static bool is_space(int tag)
{
	return tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
	       tag == DW_TAG_union_type || tag == DW_TAG_enumeration_type || tag == DW_TAG_module;
}

static bool is_block(int tag)
{
	return tag == DW_TAG_lexical_block || tag == DW_TAG_try_block || tag == DW_TAG_catch_block;
}

static bool go_down(struct search *s, Dwarf_Die *parent, size_t depth);

static bool visit(struct search *s, Dwarf_Die *die, size_t depth)
{
	int tag = dwarf_tag(die);
	if (is_space(tag))
		return go_down(s, die, depth + 1);
	if (!is_function(tag) && !is_block(tag))
		return false;
	bool holds = dwarf_haspc(die, s->vaddr) > 0;
	if (!holds)
		return s->everywhere && tag == DW_TAG_subprogram && go_down(s, die, depth + 1);
	if (is_function(tag) && s->count < DEPTH_MAX)
		s->chain[s->count++] = *die;
	go_down(s, die, depth + 1);
	return s->count > 0;
}

/* Says whether a function that holds the address was found. */
static bool go_down(struct search *s, Dwarf_Die *parent, size_t depth)
{
	Dwarf_Die die;
	if (depth == DEPTH_MAX || dwarf_child(parent, &die) != 0)
		return false;
	do {
		if (++s->steps > STEPS_MAX)
			return false;
		if (visit(s, &die, depth))
			return true;
	} while (dwarf_siblingof(&die, &die) == 0);
	return false;
}

static const char *linkage_name(Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	const char *name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attr));
	return name ? name : dwarf_formstring(dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attr));
}

static const char *function_name(struct debug_info *d, Dwarf_Die *die, size_t slot)
{
	const char *linkage = linkage_name(die), *name = dwarf_diename(die);
	if (linkage)
		d->demangled[slot] = demangle(linkage);
	if (d->demangled[slot])
		return d->demangled[slot];
	return name ? name : linkage ? linkage : "";
}

/* The beginning of the piece of the function that holds the address. */
static uint64_t piece_start(Dwarf_Die *die, uint64_t vaddr)
{
	Dwarf_Addr base, start, end;
	for (ptrdiff_t at = 0; (at = dwarf_ranges(die, at, &base, &start, &end)) > 0;)
		if (start <= vaddr && vaddr < end)
			return start;
	return 0;
}

/* A relative path is below the folder that the compiler was called in. */
static const char *full_path(struct debug_info *d, Dwarf_Die *unit, const char *path, size_t slot)
{
	Dwarf_Attribute attr;
	const char *folder = path[0] == '/' ? NULL : dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attr));
	struct strbuf full = {0};
	if (!folder || folder[0] != '/')
		return path;
	strbuf_printf(&full, "%s/%s", folder, path);
	return d->paths[slot] = full.text;
}

/* Where an inlined function was called from: the line of the one behind it. */
static void call_site(struct debug_info *d, Dwarf_Die *unit, Dwarf_Die *die, struct debug_frame *frame, size_t slot)
{
	Dwarf_Attribute attr;
	Dwarf_Word file, line;
	Dwarf_Files *files;
	size_t count;
	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &attr), &line) != 0 || line > UINT32_MAX ||
	    dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attr), &file) != 0)
		return;
	if (dwarf_getsrcfiles(unit, &files, &count) != 0 || file >= count)
		return;
	const char *source = dwarf_filesrc(files, file, NULL, NULL);
	if (source) {
		frame->source = full_path(d, unit, source, slot);
		frame->line = (uint32_t)line;
	}
}

static void innermost_line(struct debug_info *d, Dwarf_Die *unit, uint64_t vaddr, struct debug_frame *frame)
{
	Dwarf_Line *line = dwarf_getsrc_die(unit, vaddr);
	const char *source = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	int number;
	if (source && dwarf_lineno(line, &number) == 0 && number > 0) {
		frame->source = full_path(d, unit, source, 0);
		frame->line = (uint32_t)number;
	}
}

/* Is what is in the .dwo of this unit to be had? libdw opens it by itself, so it is looked at first. */
static bool has_split_file(Dwarf_Die *unit, const char *name)
{
	Dwarf_Attribute attr;
	const char *folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attr));
	struct strbuf path = {0};
	struct stat st;
	if (name[0] != '/' && !folder)
		return false;
	strbuf_printf(&path, "%s%s%s", name[0] == '/' ? "" : folder, name[0] == '/' ? "" : "/", name);
	int fd = plain_file_open(-1, path.text, &st);
	strbuf_fini(&path);
	if (fd >= 0)
		close(fd);
	return fd >= 0 && (uint64_t)st.st_size <= DEBUG_BYTES_MAX;
}

/* The unit that has the functions: itself, or where the compiler has split it (-gsplit-dwarf) the
 * one in the .dwo. */
static Dwarf_Die unit_of_functions(struct debug_info *d, Dwarf_Die *unit)
{
	Dwarf_Attribute attr;
	Dwarf_Die split;
	const char *name = dwarf_formstring(dwarf_attr(unit, DW_AT_dwo_name, &attr));
	d->missing = "";
	if (!name)
		name = dwarf_formstring(dwarf_attr(unit, DW_AT_GNU_dwo_name, &attr));
	if (!name)
		return *unit;
	if (has_split_file(unit, name) &&
	    dwarf_cu_info(unit->cu, NULL, NULL, NULL, &split, NULL, NULL, NULL) == 0 && split.addr)
		return split;
	d->missing = _("inlined functions are not known: this part's .dwo file is missing");
	return *unit;
}

static void search_function(struct search *s, Dwarf_Die *unit)
{
	if (go_down(s, unit, 0))
		return;
	s->everywhere = true;
	go_down(s, unit, 0);
}

size_t debug_info_find(struct debug_info *d, uint64_t vaddr, struct debug_frame frames[static DEBUG_FRAMES_MAX],
		       uint64_t *start)
{
	struct search s = {.vaddr = vaddr};
	Dwarf_Die unit, functions;
	*start = 0;
	d->missing = "";
	forget_texts(d);
	if (!find_unit(d, vaddr, &unit))
		return 0;
	functions = unit_of_functions(d, &unit);
	search_function(&s, &functions);
	size_t count = s.count < DEBUG_FRAMES_MAX ? s.count : DEBUG_FRAMES_MAX;
	for (size_t i = 0; i < DEBUG_FRAMES_MAX; i++)
		frames[i] = (struct debug_frame){.function = "", .source = ""};
	innermost_line(d, &unit, vaddr, &frames[0]);
	if (!count)
		return *frames[0].source ? 1 : 0;
	/* where there are more than fit, those in the middle are left out */
	for (size_t i = 0; i < count; i++) {
		Dwarf_Die *die = i + 1 == count ? &s.chain[0] : &s.chain[s.count - 1 - i];
		frames[i].function = function_name(d, die, i);
		if (i + 1 < count)
			call_site(d, &functions, die, &frames[i + 1], i + 1);
	}
	*start = piece_start(&s.chain[0], vaddr);
	return count;
}

const char *debug_info_missing(const struct debug_info *d)
{
	return d->missing;
}
