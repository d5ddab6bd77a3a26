/* Read by libdw, with the checks and bounds of the other readers of debug information.
 *
 *     unit  promise.c
 *       variable  area   external   location: addr 0x4018   type: pointer to char
 *       lines     promise.c:14  0x1169 statement, 0x1170; promise.c:15  0x1180 statement */
#include "symbol/debug_lookup.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/path.h"
#include "symbol/debug_check.h"

#define UNITS_MAX 100000
#define ENTRIES_MAX 1000000 /* visited for one variable */
#define TYPES_MAX 32        /* typedefs of typedefs */

struct debug_lookup {
	int fd;
	Elf *elf;
	Dwarf *dwarf;
};

struct debug_lookup *debug_lookup_open(int fd, struct err *err)
{
	struct debug_lookup *d = mem_zalloc(sizeof *d);

	d->fd = fd;
	if (debug_check_open(fd, &d->elf, &d->dwarf, err) == 0)
		return d;
	debug_lookup_close(d);
	return NULL;
}

void debug_lookup_close(struct debug_lookup *d)
{
	if (!d)
		return;
	dwarf_end(d->dwarf);
	elf_end(d->elf);
	close(d->fd);
	free(d);
}

/* The next unit that libdw may use; NULL: there are no more. */
static Dwarf_Die *next_unit(struct debug_lookup *d, Dwarf_CU **unit, Dwarf_Die *die, unsigned *count)
{
	Dwarf_Die sub;
	uint8_t type;

	while (++*count < UNITS_MAX && dwarf_get_units(d->dwarf, *unit, unit, NULL, &type, die, &sub) == 0)
		if (type == DW_UT_compile && debug_check_unit(die))
			return die;
	return NULL;
}

static bool line_fits(Dwarf_Line *line, const char *file, unsigned number)
{
	const char *source = dwarf_linesrc(line, NULL, NULL);
	bool begins = false, ends = false;
	int at = 0;

	return source && !strcmp(path_name(source), file) && dwarf_lineno(line, &at) == 0 &&
	       at == (int)number && dwarf_linebeginstatement(line, &begins) == 0 && begins &&
	       dwarf_lineendsequence(line, &ends) == 0 && !ends;
}

int debug_lookup_line(struct debug_lookup *d, const char *file, unsigned number, uint64_t *vaddr,
		      struct err *err)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	unsigned units = 0;
	bool found = false;

	while (next_unit(d, &unit, &die, &units)) {
		Dwarf_Lines *lines;
		size_t count;
		if (dwarf_getsrclines(&die, &lines, &count) != 0)
			continue;
		for (size_t i = 0; i < count; i++) {
			Dwarf_Line *line = dwarf_onesrcline(lines, i);
			Dwarf_Addr address;
			if (!line || !line_fits(line, file, number) || dwarf_lineaddr(line, &address) != 0)
				continue;
			if (!found || address < *vaddr)
				*vaddr = address;
			found = true;
		}
	}
	return found ? 0 : err_set(err, ERR_NOT_FOUND, _("line %u of %s has no code"), number, file);
}

void debug_lookup_files(struct debug_lookup *d,
			void (*take)(void *context, const char *name, const char *path), void *context)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	Dwarf_Attribute attr;
	unsigned units = 0;

	while (next_unit(d, &unit, &die, &units)) {
		const char *name = debug_string(dwarf_attr(&die, DW_AT_name, &attr));
		const char *folder = debug_string(dwarf_attr(&die, DW_AT_comp_dir, &attr));
		char *path = NULL;
		if (!name)
			continue;
		if (*name != '/' && folder) {
			path = mem_alloc(strlen(folder) + strlen(name) + 2);
			stpcpy(stpcpy(stpcpy(path, folder), "/"), name);
		}
		take(context, path_name(name), path ? path : *name == '/' ? name : "");
		free(path);
	}
}

/* The type below typedefs, const and the like. */
static bool strip_type(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	if (!dwarf_formref_die(dwarf_attr(die, DW_AT_type, &attr), type))
		return false;
	for (int i = 0; i < TYPES_MAX; i++) {
		int tag = dwarf_tag(type);
		if (tag != DW_TAG_typedef && tag != DW_TAG_const_type && tag != DW_TAG_volatile_type &&
		    tag != DW_TAG_atomic_type && tag != DW_TAG_restrict_type)
			return true;
		if (!dwarf_formref_die(dwarf_attr(type, DW_AT_type, &attr), type))
			return false;
	}
	return false;
}

static void take_type(Dwarf_Die *die, struct debug_variable *v)
{
	Dwarf_Die type;
	Dwarf_Attribute attr;
	Dwarf_Word size, encoding = 0;

	if (!strip_type(die, &type))
		return;
	int tag = dwarf_tag(&type);
	if (dwarf_aggregate_size(&type, &size) == 0)
		v->size = size;
	v->pointer = tag == DW_TAG_pointer_type;
	v->array = tag == DW_TAG_array_type;
	if (tag == DW_TAG_base_type)
		dwarf_formudata(dwarf_attr(&type, DW_AT_encoding, &attr), &encoding);
	v->is_signed = encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
	v->number = tag == DW_TAG_enumeration_type || v->is_signed || encoding == DW_ATE_unsigned ||
		    encoding == DW_ATE_unsigned_char || encoding == DW_ATE_boolean || encoding == DW_ATE_UTF;
}

/* 1: it has an address; 0: it is only declared here; -1: it has no fixed address. */
static int take_address(Dwarf_Die *die, struct debug_variable *v)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t count;

	if (!dwarf_attr(die, DW_AT_location, &attr))
		return 0;
	if (dwarf_getlocation(&attr, &ops, &count) != 0 || count != 1 || ops[0].atom != DW_OP_addr)
		return -1;
	v->vaddr = ops[0].number;
	return 1;
}

/* The definition of a variable may be apart from its declaration, which has name and type. */
static bool is_variable(Dwarf_Die *die, const char *name, Dwarf_Die *named)
{
	Dwarf_Attribute attr;

	if (dwarf_tag(die) != DW_TAG_variable)
		return false;
	*named = *die;
	if (!dwarf_hasattr(die, DW_AT_name) &&
	    !dwarf_formref_die(dwarf_attr(die, DW_AT_specification, &attr), named))
		return false;
	const char *own = debug_string(dwarf_attr(named, DW_AT_name, &attr));
	return own && !strcmp(own, name);
}

int debug_lookup_variable(struct debug_lookup *d, const char *name, struct debug_variable *v, struct err *err)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die, entry, named;
	unsigned units = 0, entries = 0;
	bool unfixed = false;

	*v = (struct debug_variable){ 0 };
	while (next_unit(d, &unit, &die, &units)) {
		if (dwarf_child(&die, &entry) != 0)
			continue;
		do {
			if (++entries > ENTRIES_MAX)
				return err_set(
				    err, ERR_UNSUPPORTED, "%s",
				    _("the program's debug information is too large to be searched"));
			if (!is_variable(&entry, name, &named))
				continue;
			int address = take_address(&entry, v);
			unfixed |= address < 0;
			if (address <= 0)
				continue;
			take_type(&named, v);
			return 0;
		} while (dwarf_siblingof(&entry, &entry) == 0);
	}
	return unfixed ? err_set(err, ERR_UNSUPPORTED, _("the variable %s has no fixed address"), name)
		       : err_set(err, ERR_NOT_FOUND, _("the program has no variable %s of file scope"), name);
}
