/* Functions and source lines at addresses of an ELF file, from its DWARF information. */
#ifndef SYMBOL_DEBUG_INFO_H
#define SYMBOL_DEBUG_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "symbol/debug_units.h"

/* A function, as the source has it. */
struct debug_frame {
	const char *function; /* demangled; "": it has no name */
	const char *source;   /* path, absolute if the folder is known; "" not known */
	uint32_t line;        /* 0: not known */
};
#define DEBUG_FRAMES_MAX 32

struct debug_info;

/* Reads from an fd, which is taken over even if this fails: ERR_NOT_FOUND if the file has no debug
 * information, ERR_UNSUPPORTED, ERR_INPUT. `root` (the caller's; -1: none) is searched for shared
 * parts of debug files before our own root. */
struct debug_info *debug_info_open(int fd, int root, struct err *);
void debug_info_close(struct debug_info *);

/* Fills in the functions at vaddr, innermost first, each but the last inlined into the next. Returns how many;
 * 0: nothing is known. A single one without a name: only its line is known. *start is where the last
 * function's piece of code begins, 0: not known. Texts are valid until the next call. */
size_t debug_info_find(struct debug_info *, uint64_t vaddr,
		       struct debug_frame frames[static DEBUG_FRAMES_MAX], uint64_t *start);
/* After debug_info_find: what its answer lacks. */
enum debug_lack debug_info_lack(const struct debug_info *);

#endif
