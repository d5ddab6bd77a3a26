/* The units of a file's debug information and their functions, by address. */
#ifndef SYMBOL_DEBUG_UNITS_H
#define SYMBOL_DEBUG_UNITS_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

struct debug_units;
struct debug_unit;

/* `fd` is the file that the information comes from; it stays the caller's, and only its path is used. */
struct debug_units *debug_units_create(Dwarf *, int fd);
void debug_units_destroy(struct debug_units *);

/* The unit that holds an address; NULL: none. */
struct debug_unit *debug_units_find(struct debug_units *, uint64_t vaddr);
/* The unit's function that holds the address (NULL: none); the DIE with the line table; the DIE with the
 * functions and the files that they name. Owned by the unit. */
Dwarf_Die *debug_unit_function(struct debug_unit *, uint64_t vaddr);
Dwarf_Die *debug_unit_lines(struct debug_unit *);
Dwarf_Die *debug_unit_functions(struct debug_unit *);

/* What is missing in a unit. */
enum debug_lack {
	DEBUG_LACK_NONE,
	DEBUG_LACK_DWO, /* inlined functions: their .dwo file is missing */
	DEBUG_LACK_DWP, /* inlined functions: they are packed in a .dwp file, which is not read */
};
enum debug_lack debug_unit_lack(const struct debug_unit *);

/* Is a DIE with this tag a part of a function with addresses of its own? */
bool debug_tag_is_block(int tag);

#endif
