/* The unwind tables of mapped files, and the bytes that they are made of. */
#ifndef SYMBOL_UNWIND_TABLES_H
#define SYMBOL_UNWIND_TABLES_H

#include "symbol/unwind_files.h"
#include "symbol/unwind_places.h"

struct unwind_tables;

/* What a search needs: see .eh_frame_hdr in the Linux Standard Base. Addresses are the process's, or, for
 * tables that we have made ourselves, addresses that no process has. */
struct unwind_table {
	uint64_t start, end; /* of the mapping that it was asked for */
	uint64_t base;       /* what entries count from */
	uint64_t entries;    /* where they begin, sorted, eight bytes each: read them by unwind_tables_read */
	uint64_t count;
};

/* Nothing is opened yet. The caller frees it with unwind_tables_destroy. */
struct unwind_tables *unwind_tables_create(const struct unwind_files *);
void unwind_tables_destroy(struct unwind_tables *);
/* Forgets all files. */
void unwind_tables_flush(struct unwind_tables *);

/* The file's own table for code at `address`; false if it has none. */
bool unwind_tables_find(struct unwind_tables *, uint64_t address, struct unwind_table *);
/* If that has no entry for the address: a table of one entry, made from .eh_frame or .debug_frame, valid
 * until the next call. It may not be for the function at `address`, but no other entry can be. */
bool unwind_tables_make(struct unwind_tables *, uint64_t address, struct unwind_table *);
/* Eight bytes of a file whose table was found before, as they are in the file, without relocation, or of a table
 * that was made. False if no such file is mapped at `address`. */
bool unwind_tables_read(struct unwind_tables *, uint64_t address, uint64_t *word);

/* What the file's own table says about an address of code, or was kept of it, by whichever process has mapped the same
 * file. False: no file is mapped there. */
bool unwind_tables_place(struct unwind_tables *, uint64_t address, struct unwind_place *);
/* Keeps where the function of such an address begins. */
void unwind_tables_keep_start(struct unwind_tables *, uint64_t address, uint64_t start);

/* Keeps that no table of the file has such an address, not even one that is made. */
void unwind_tables_keep_none(struct unwind_tables *, uint64_t address);

/* Copies what a file has at an address of code: how many bytes; -1: no file is mapped there. */
ptrdiff_t unwind_tables_code(struct unwind_tables *, uint64_t address, uint8_t *bytes, size_t size);

#endif
