/* Two tables of address ranges, both searched by bisection: the file's units, made when it is opened, and the
 * functions of a unit, made when the first of its addresses is looked up. Descending the tree for each
 * address would take milliseconds in a unit of C++ or Rust, which contains every template that it uses.
 *
 * With -gsplit-dwarf a unit is a skeleton: it has the addresses and lines, and names a file of its own (.dwo)
 * that has the functions. libdw 0.188 cannot read many of those packed in one (.dwp). */
#include "symbol/debug_units.h"

#include <dwarf.h>
#include <elfutils/libdwelf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bisect.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "symbol/debug_check.h"
#include "symbol/plain_file.h"

#define UNITS_MAX 1000000
#define RANGES_MAX ((size_t)8 << 20)
#define RANGES_DOWN 256   /* ranges examined below the nearest */
#define STEPS_MAX 4000000 /* entries visited in one unit */
#define DEPTH_MAX 128

/* Addresses of a unit, or of a function. */
struct unit_range {
	uint64_t start, end;
	uint64_t reach; /* the largest end of this one and all before */
	size_t what;    /* index of the unit, or of the function */
};

struct ranges {
	struct unit_range *all; /* by start */
	size_t count, cap;
};

struct debug_unit {
	Dwarf_Die die, split; /* the same, unless the functions are in a .dwo */
	bool indexed;
	enum debug_lack lack;
	struct ranges functions; /* `what` is an index into dies */
	Dwarf_Die *dies;
	size_t die_count, die_cap;
};

struct debug_units {
	Dwarf *dwarf;
	char *folder; /* that the file lies in, as libdw has it; "" not known */
	bool packed;  /* there is a .dwp beside it */
	struct debug_unit *all;
	size_t count, cap;
	struct ranges ranges; /* `what` is an index into all */
};

static int by_start(const void *a, const void *b)
{
	const struct unit_range *x = a, *y = b;
	return (x->start > y->start) - (x->start < y->start);
}

/* Adds the addresses of a unit or function; returns whether there are any. */
static bool add_ranges(struct ranges *r, Dwarf_Die *die, size_t what)
{
	Dwarf_Addr base, start, end;
	size_t before = r->count;
	for (ptrdiff_t at = 0; (at = dwarf_ranges(die, at, &base, &start, &end)) > 0;) {
		if (start >= end || r->count == RANGES_MAX)
			continue;
		mem_grow(r->all, r->cap, r->count + 1);
		r->all[r->count++] = (struct unit_range){ start, end, 0, what };
	}
	return r->count > before;
}

static void sort_ranges(struct ranges *r)
{
	uint64_t reach = 0;
	if (r->count)
		qsort(r->all, r->count, sizeof *r->all, by_start);
	for (size_t i = 0; i < r->count; i++) {
		reach = max(r->all[i].end, reach);
		r->all[i].reach = reach;
	}
}

/* The nearest range below the address that holds it; NULL: none. */
static const struct unit_range *find_range(const struct ranges *r, uint64_t vaddr)
{
	size_t at, seen = 0;

	bisect(at, 0, r->count, r->all[at].start <= vaddr);
	for (; at > 0 && r->all[at - 1].reach > vaddr && seen < RANGES_DOWN; at--, seen++)
		if (r->all[at - 1].end > vaddr)
			return &r->all[at - 1];
	return NULL;
}

static void gather_units(struct debug_units *d)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	uint8_t type;
	for (size_t units = 0; units < UNITS_MAX; units++) {
		if (dwarf_get_units(d->dwarf, unit, &unit, NULL, &type, &die, NULL) != 0)
			break;
		if (!die.addr || type == DW_UT_type || type == DW_UT_split_type || !debug_check_unit(&die) ||
		    !add_ranges(&d->ranges, &die, d->count))
			continue;
		mem_grow(d->all, d->cap, d->count + 1);
		d->all[d->count++] = (struct debug_unit){ .die = die, .split = die };
	}
	sort_ranges(&d->ranges);
}

/* Is it an entry without addresses of its own that may have code below it? */
static bool is_space(int tag)
{
	return tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
	       tag == DW_TAG_union_type || tag == DW_TAG_enumeration_type || tag == DW_TAG_module;
}

bool debug_tag_is_block(int tag)
{
	return tag == DW_TAG_lexical_block || tag == DW_TAG_try_block || tag == DW_TAG_catch_block;
}

/* Gathers all functions of a unit that have code, wherever they are in the tree. */
static void gather_functions(struct debug_unit *u, Dwarf_Die *parent, size_t depth, size_t *steps)
{
	Dwarf_Die die;
	if (depth == DEPTH_MAX || dwarf_child(parent, &die) != 0)
		return;
	do {
		int tag = dwarf_tag(&die);
		if (++*steps > STEPS_MAX)
			return;
		if (tag == DW_TAG_subprogram && add_ranges(&u->functions, &die, u->die_count)) {
			mem_grow(u->dies, u->die_cap, u->die_count + 1);
			u->dies[u->die_count++] = die;
		}
		if (tag == DW_TAG_subprogram || is_space(tag) || debug_tag_is_block(tag))
			gather_functions(u, &die, depth + 1, steps);
	} while (dwarf_siblingof(&die, &die) == 0);
}

/* Is it a file that libdw may open? Sets *unfit if there is something that it must not open. */
static bool is_split_file(const char *path, bool *unfit)
{
	struct stat st;
	struct err err = { 0 };
	int fd = plain_file_open(-1, path, &st, &err);
	if (fd < 0) {
		*unfit |= err.code == ERR_UNSUPPORTED;
		return false;
	}
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	bool sound = elf && elf_kind(elf) == ELF_K_ELF && debug_check_size(elf, NULL) == 0;
	elf_end(elf);
	close(fd);
	*unfit |= !sound;
	return sound;
}

/* A path as libdw builds it: `name` in `folder`, and that, if it is relative, in `base`. */
static bool split_path(struct strbuf *path, const char *base, const char *folder, const char *name)
{
	strbuf_clear(path);
	if (name[0] != '/') {
		if (folder[0] != '/')
			strbuf_printf(path, "%s/", base);
		if (*folder)
			strbuf_printf(path, "%s/", folder);
	}
	strbuf_puts(path, name);
	return path->text[0] == '/';
}

/* Is this unit's .dwo there? libdw opens it by itself, wherever it may be, so all candidates are checked
 * first. */
static bool has_split_file(const struct debug_units *units, Dwarf_Die *unit, const char *name)
{
	Dwarf_Attribute attr;
	const char *folder = debug_string(dwarf_attr(unit, DW_AT_comp_dir, &attr));
	struct strbuf path = { 0 };
	bool unfit = false, found = false;
	if (split_path(&path, units->folder, "", name))
		found |= is_split_file(path.text, &unfit);
	if (folder && split_path(&path, units->folder, folder, name))
		found |= is_split_file(path.text, &unfit);
	strbuf_fini(&path);
	return found && !unfit;
}

/* Opens the .dwo; its contents are checked like the file's. */
static bool open_split(Dwarf_Die *unit, Dwarf_Die *split)
{
	const char *name;
	const void *id;
	if (dwarf_cu_info(unit->cu, NULL, NULL, NULL, split, NULL, NULL, NULL) != 0 || !split->addr)
		return false;
	Dwarf *dwarf = dwarf_cu_getdwarf(split->cu);
	return debug_check_names(dwarf, NULL) == 0 && dwelf_dwarf_gnu_debugaltlink(dwarf, &name, &id) == 0 &&
	       debug_check_unit(split);
}

/* The unit that has the functions: itself, or if the compiler has split it (-gsplit-dwarf), the one in the
 * .dwo. */
static Dwarf_Die die_of_functions(const struct debug_units *units, struct debug_unit *u)
{
	Dwarf_Die *unit = &u->die;
	Dwarf_Attribute attr;
	Dwarf_Die split;
	const char *name = debug_string(dwarf_attr(unit, DW_AT_dwo_name, &attr));
	if (!name)
		name = debug_string(dwarf_attr(unit, DW_AT_GNU_dwo_name, &attr));
	if (!name)
		return *unit;
	if (has_split_file(units, unit, name) && open_split(unit, &split))
		return split;
	u->lack = units->packed ? DEBUG_LACK_DWP : DEBUG_LACK_DWO;
	return *unit;
}

static void index_unit(const struct debug_units *units, struct debug_unit *u)
{
	size_t steps = 0;
	u->indexed = true;
	u->split = die_of_functions(units, u);
	gather_functions(u, &u->split, 0, &steps);
	sort_ranges(&u->functions);
}

/* Finds the folder of the file: a .dwo may be in the same folder, a .dwp beside it. */
static void find_folder(struct debug_units *units, int fd)
{
	char link[64], path[PATH_MAX];
	struct strbuf packed = { 0 };
	struct stat st;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t len = readlink(link, path, sizeof path - 1);
	path[max(len, 0)] = '\0';
	strbuf_printf(&packed, "%s.dwp", path);
	int other = plain_file_open(-1, packed.text, &st, NULL);
	units->packed = other >= 0;
	if (other >= 0)
		close(other);
	strbuf_fini(&packed);
	char *slash = strrchr(path, '/');
	*(slash ? slash : path) = '\0';
	units->folder = mem_strdup(path);
}

struct debug_units *debug_units_create(Dwarf *dwarf, int fd)
{
	struct debug_units *units = mem_zalloc(sizeof *units);
	units->dwarf = dwarf;
	find_folder(units, fd);
	gather_units(units);
	return units;
}

void debug_units_destroy(struct debug_units *units)
{
	if (!units)
		return;
	for (size_t i = 0; i < units->count; i++) {
		free(units->all[i].functions.all);
		free(units->all[i].dies);
	}
	free(units->all);
	free(units->ranges.all);
	free(units->folder);
	free(units);
}

struct debug_unit *debug_units_find(struct debug_units *units, uint64_t vaddr)
{
	const struct unit_range *range = find_range(&units->ranges, vaddr);
	struct debug_unit *unit = range ? &units->all[range->what] : NULL;
	if (unit && !unit->indexed)
		index_unit(units, unit);
	return unit;
}

Dwarf_Die *debug_unit_function(struct debug_unit *unit, uint64_t vaddr)
{
	const struct unit_range *function = find_range(&unit->functions, vaddr);
	return function ? &unit->dies[function->what] : NULL;
}

Dwarf_Die *debug_unit_lines(struct debug_unit *unit)
{
	return &unit->die;
}

Dwarf_Die *debug_unit_functions(struct debug_unit *unit)
{
	return &unit->split;
}

enum debug_lack debug_unit_lack(const struct debug_unit *unit)
{
	return unit->lack;
}
