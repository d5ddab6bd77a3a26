/* The files that a process runs code from, opened and kept: the one way from a region to
 * what symbol/code_file.h tells of the file that is mapped there.
 *
 * Entries are made by the thread that watches, and may be used by one other beside it, which
 * names code (names_worker.h). Who hands one on takes a reference for the other. */
#ifndef SYMBOL_CODE_FILES_H
#define SYMBOL_CODE_FILES_H

#include <stdint.h>

#include "kern/reader.h"
#include "model/space.h"
#include "symbol/code_file.h"

struct code_files;
struct code_entry;

/* Files that several processes run code from are read once for all of them: a family of
 * processes has a share, and the files of each that come from the same root directory. */
struct code_share;
struct code_share *code_share_create(void);
void code_share_destroy(struct code_share *); /* after all who use it */

/* `share` (NULL: none) lives longer. */
struct code_files *code_files_create(struct code_share *share);
void code_files_destroy(struct code_files *);
/* Another image: what was mapped is asked for anew. */
void code_files_forget(struct code_files *);
/* The process's root directory, an fd that stays open as long as the files; -1: not known. */
int code_files_root(struct code_files *, const struct reader *);

/* The file behind a region, or the kernel's vdso; opened the first time. Always one, which may
 * tell only why there is nothing. Good until the next call, or until the reference is given back. */
struct code_entry *code_files_find(struct code_files *, struct reader *, const struct space *,
				   const struct region_attr *);

/* A name for people, of one in a symbol table; good until the next call. */
const char *code_files_readable(struct code_files *, const char *name);

struct code_entry *code_entry_hold(struct code_entry *);
void code_entry_release(struct code_entry *);
/* Reads the symbol tables, the first time. NULL where it cannot be: *why, translated, as long as the entry. */
const struct elf_file *code_entry_elf(struct code_entry *, const char **why);
/* Its names of code: one thread at a time may use them, between _begin and _end. NULL as above. */
struct code_file *code_entry_code(struct code_entry *, const char **why);
void code_entry_begin(struct code_entry *);
void code_entry_end(struct code_entry *);
/* Has that been done already, so that neither takes time? */
bool code_entry_is_read(struct code_entry *);
/* When the file was written last, seconds since 1970; 0: not known. */
int64_t code_entry_written(const struct code_entry *);

#endif
