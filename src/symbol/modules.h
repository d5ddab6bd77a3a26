/* The files that a process runs code from, opened and kept: the one way from a region to
 * what symbol/code_file.h tells of the file that is mapped there.
 *
 * Entries are made by the thread that watches, and may be used by one other beside it, which
 * names code (symbolizer_thread.h). Who hands one on takes a reference for the other. */
#ifndef SYMBOL_MODULES_H
#define SYMBOL_MODULES_H

#include <stdint.h>

#include "symbol/code_file.h"
#include "symbol/process_view.h"

struct modules;
struct module;

/* Files that several processes run code from are read once for all of them: a family of
 * processes has a share, and the files of each that come from the same root directory. */
struct module_share;
struct module_share *module_share_create(void);
void module_share_destroy(struct module_share *); /* after all who use it */

/* `share` (NULL: none) lives longer. */
struct modules *modules_create(struct module_share *share);
void modules_destroy(struct modules *);
/* Another image: what was mapped is asked for anew. */
void modules_forget(struct modules *);
/* The process's root directory, an fd that is taken over; -1: not known. Once, before anything is asked. */
void modules_set_root(struct modules *, int root);
/* The same, good as long as the modules; -1: not known. */
int modules_root(const struct modules *);

/* The file behind a region, or the kernel's vdso; opened the first time. Always one, which may
 * tell only why there is nothing. Good until the next call, or until the reference is given back. */
struct module *modules_find(struct modules *, const struct process_view *, const struct region_attr *);

/* A name for people, of one in a symbol table; good until the next call. */
const char *modules_readable(struct modules *, const char *name);

struct module *module_hold(struct module *);
void module_release(struct module *);
/* Reads the symbol tables, the first time. NULL where that cannot be: see module_why. */
const struct elf_file *module_elf(struct module *);
/* Its names of code: one thread at a time may use them, between _begin and _end. NULL as above. */
struct code_file *module_code(struct module *);
/* After one of these was NULL: why, one translated line, good as long as the module. */
const char *module_why(const struct module *);
void module_begin(struct module *);
void module_end(struct module *);
/* Has that been done already, so that neither takes time? */
bool module_is_read(struct module *);
/* When the file was written last, seconds since 1970; 0: not known. */
int64_t module_written(const struct module *);

#endif
