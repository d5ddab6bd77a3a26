/* The unwind tables of mapped files, and the bytes they are made of. */
#ifndef SYMBOL_UNWIND_TABLES_H
#define SYMBOL_UNWIND_TABLES_H

#include "symbol/unwind.h"

struct unwind_tables;

/* What a search needs: see .eh_frame_hdr in the Linux Standard Base. Addresses are the process's. If
 * the file has no such table, one is made of .eh_frame, at an address that no process has. */
struct unwind_table {
	uint64_t start, end; /* of the mapping that it was asked for */
	uint64_t base;       /* what entries count from */
	uint64_t entries;    /* where they begin, sorted, eight bytes each: read them by unwind_tables_read */
	uint64_t count;
};

struct unwind_tables *unwind_tables_create(const struct unwind_files *);
void unwind_tables_destroy(struct unwind_tables *);
/* Forgets all files. */
void unwind_tables_flush(struct unwind_tables *);

/* The table for code at `address`; false if no file has one. */
bool unwind_tables_find(struct unwind_tables *, uint64_t address, struct unwind_table *);
/* Eight bytes of a file whose table was found before, as in the file: without relocation. False if no
 * such file is mapped at `address`. */
bool unwind_tables_read(struct unwind_tables *, uint64_t address, uint64_t *word);

#endif
