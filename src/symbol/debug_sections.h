/* The sections with debug information of an ELF file. */
#ifndef SYMBOL_DEBUG_SECTIONS_H
#define SYMBOL_DEBUG_SECTIONS_H

#include <libelf.h>
#include <stdint.h>

#include "base/err.h"

#define DEBUG_BYTES_MAX (UINT64_C(1) << 30) /* of debug sections, unpacked */

/* ERR_NOT_FOUND where there are none, ERR_UNSUPPORTED where they are too large, or packed in a way
 * that is not read. */
int debug_sections_check(Elf *, struct err *);

#endif
