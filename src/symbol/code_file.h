/* What is at an address of an ELF file's code: function and source line, with the functions that were inlined
 * there. The only way from an address to a name: by symbol tables and by debug information, in the file or
 * beside it, demangled. */
#ifndef SYMBOL_CODE_FILE_H
#define SYMBOL_CODE_FILE_H

#include "symbol/debug_info.h"
#include "symbol/elf.h"

struct code_file;

/* Reads the symbol tables from an fd, which is taken over even if this fails. `root` (see debug_file.h) stays
 * the caller's, and open as long as the code_file; `path` is the file's below it. NULL and ERR_INPUT if it is
 * not an ELF file. */
struct code_file *code_file_open(int fd, int root, const char *path, struct err *);
void code_file_close(struct code_file *);

/* Its sections and symbols. They never change, so several threads may read them. */
const struct elf_file *code_file_elf(const struct code_file *);

struct code_location {
	const char *section; /* if no function is known; "": none */
	uint64_t
	    offset; /* from the beginning of the function (or its part), else of the section; else vaddr */
	const struct debug_frame *frames; /* innermost first; 0: no function */
	size_t count;
	bool whole;      /* nothing is missing */
	const char *why; /* translated: what is missing, and why; "" if it is whole */
};

/* The first call reads the debug information: 0.2 ms, or seconds if it is huge. Texts are valid until the
 * next call. */
void code_file_find(struct code_file *, uint64_t vaddr, struct code_location *);

/* Is there debug information for it, in the file or beside it? Reads it to find out. */
bool code_file_has_debug_info(struct code_file *);

#endif
