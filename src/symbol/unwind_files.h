/* Where an unwinder gets the code of the process from: callbacks say which file is at an address. */
#ifndef SYMBOL_UNWIND_FILES_H
#define SYMBOL_UNWIND_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbol/modules.h"

/* A range of the process's addresses that has a file's bytes. */
struct unwind_mapping {
	uint64_t start, end;
	uint64_t offset;       /* of start, in the file */
	struct module *module; /* the file: a reference that the unwinder takes over; NULL: see fd */
	int fd;                /* the file's, which the unwinder takes over; -1: see bytes */
	const uint8_t *bytes;  /* the whole file in memory, for as long as the unwinder lives */
	size_t size;
};

struct unwind_files {
	/* Finds the file that is mapped at an address of code. False: there is none, or none that can be
	 * read. */
	bool (*find)(void *context, uint64_t address, struct unwind_mapping *);
	/* Copies code that belongs to no file, from an address on: returns how many bytes, 0 if it cannot be
	 * read; -1: no code is there. NULL: there is none. */
	ptrdiff_t (*code)(void *context, uint64_t address, uint8_t *bytes, size_t size);
	void *context;
};

#endif
