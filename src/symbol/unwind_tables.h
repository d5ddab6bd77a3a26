/* The unwind tables of mapped files, and their bytes. */
#ifndef SYMBOL_UNWIND_TABLES_H
#define SYMBOL_UNWIND_TABLES_H

#include "symbol/unwind_files.h"
#include "symbol/unwind_sites.h"

struct unwind_tables;

/* A search table: see .eh_frame_hdr in the Linux Standard Base. Addresses are the process's, or, for tables
 * that we have made ourselves, addresses that no process has. */
struct unwind_table {
	uint64_t start, end; /* of the mapping */
	uint64_t base;       /* what entries are relative to */
	uint64_t entries;    /* address of the sorted entries, eight bytes each (unwind_tables_read) */
	uint64_t count;
};

/* Opens nothing yet. The caller frees it with unwind_tables_destroy. */
struct unwind_tables *unwind_tables_create(const struct unwind_files *);
void unwind_tables_destroy(struct unwind_tables *);
/* Forgets all files. */
void unwind_tables_flush(struct unwind_tables *);

/* The file's own table for code at `address`; false if it has none. */
bool unwind_tables_find(struct unwind_tables *, uint64_t address, struct unwind_table *);
/* If that has no entry for the address: makes a table of one entry from .eh_frame or .debug_frame, valid
 * until the next call. The entry need not cover `address`, but if it does not, none does. */
bool unwind_tables_make(struct unwind_tables *, uint64_t address, struct unwind_table *);
/* Reads eight bytes of a file whose table was found before, as they are in the file, without relocation, or
 * of a table that was made. False if no such file is mapped at `address`. */
bool unwind_tables_read(struct unwind_tables *, uint64_t address, uint64_t *word);

/* What the file's own table says about an address of code, from the cache that all processes that map the
 * file share. False: no file is mapped there. */
bool unwind_tables_site(struct unwind_tables *, uint64_t address, struct unwind_site *);
/* Caches where the function at such an address begins. */
void unwind_tables_keep_start(struct unwind_tables *, uint64_t address, uint64_t start);

/* Caches that no table of the file covers such an address, not even one that is made. */
void unwind_tables_keep_none(struct unwind_tables *, uint64_t address);

/* Copies a file's bytes at an address of code; returns how many; -1: no file is mapped there. */
ptrdiff_t unwind_tables_code(struct unwind_tables *, uint64_t address, uint8_t *bytes, size_t size);

#endif
