/* Checks of a file's debug information that libdw does not make: its size, and whether its strings are
 * terminated. */
#ifndef SYMBOL_DEBUG_CHECK_H
#define SYMBOL_DEBUG_CHECK_H

#include <elfutils/libdw.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define DEBUG_BYTES_MAX (UINT64_C(1) << 30) /* of debug sections, unpacked */

/* Opens the debug information of an ELF file, checked as below; the fd stays the caller's. 0, or -1 with err
 * as below, or ERR_INPUT. In either case the caller ends *dwarf, then *elf; NULL: not opened. */
int debug_check_open(int fd, Elf **elf, Dwarf **dwarf, struct err *);

/* Before libdw opens it: 0, or -1 with ERR_NOT_FOUND if there is no debug information (a .dwo's counts too),
 * ERR_UNSUPPORTED if there is too much. */
int debug_check_size(Elf *, struct err *);
/* After that: 0, or -1 with ERR_INPUT if a string section is not terminated. */
int debug_check_names(Dwarf *, struct err *);

/* As dwarf_formstring (NULL for NULL), but also NULL if the name is not terminated within its section, or is
 * unreasonably long. */
const char *debug_string(Dwarf_Attribute *);
/* Can libdw safely use what the unit names: its folder, its .dwo file? */
bool debug_check_unit(Dwarf_Die *);

#endif
