/* Code of the process: from its mapped files, and pages of code that belongs to no file. The latter are read
 * from the process's memory, and kept. */
#ifndef SYMBOL_UNWIND_CODE_H
#define SYMBOL_UNWIND_CODE_H

#include "symbol/unwind_files.h"

#define UNWIND_CODE_BYTES 4096
#define UNWIND_CODE_PAGES 32 /* a power of two */

struct unwind_tables;

struct unwind_code {
	struct unwind_tables *tables; /* the caller's */
	struct unwind_files files;
	struct unwind_code_page {
		uint64_t address;
		size_t length;
		uint8_t bytes[UNWIND_CODE_BYTES];
	} pages[UNWIND_CODE_PAGES]; /* by address */
};

/* Forgets what is kept. */
void unwind_code_flush(struct unwind_code *);
/* Copies code from an address on: returns how many bytes, 0 if it cannot be read; -1: no code is there. */
ptrdiff_t unwind_code_read(struct unwind_code *, uint64_t address, uint8_t *bytes, size_t size);

#endif
