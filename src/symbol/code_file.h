/* What lies at an address of an ELF file's code: function and source line, with the
 * functions that were inlined there. The one way from an address to a name: symbol
 * tables, debug information in the file or beside it, names demangled. */
#ifndef SYMBOL_CODE_FILE_H
#define SYMBOL_CODE_FILE_H

#include "symbol/debug_info.h"
#include "symbol/elf.h"

struct code_file;

/* Reads the symbol tables, from an fd which is taken over, also where it fails. `root`: see
 * debug_file.h; the caller's, and to stay open as long as the code_file. `path` of the file in it. */
struct code_file *code_file_open(int fd, int root, const char *path, struct err *);
void code_file_close(struct code_file *);

/* Its sections and symbols; never changes, so that several threads may read it. */
const struct elf_file *code_file_elf(const struct code_file *);

struct code_place {
	const char *section; /* where no function is known; "" none */
	uint64_t offset; /* from the beginning of the function (its piece that holds the address), else of the
	                       * section, else vaddr itself */
	const struct debug_frame *frames; /* innermost first; 0: no function */
	size_t count;
	const char *why; /* where something is missing: why, translated; else "" */
};

/* The first time debug information is read: 0.2 ms, or seconds where it is huge. Texts are
 * good until the next call. */
void code_file_find(struct code_file *, uint64_t vaddr, struct code_place *);

/* Is there debug information for it, in the file or beside it? Reads it. */
bool code_file_has_debug_info(struct code_file *);

#endif
