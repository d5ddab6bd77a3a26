/* The files that a process runs code from (libdwfl calls them modules too), opened and kept: the one way from
 * a region to what symbol/code_file.h knows of the file that is mapped there.
 *
 * The thread that watches makes them; the thread that names code (symbolizer_thread.h) may use them too.
 * Whoever passes one on takes a reference for the receiver. */
#ifndef SYMBOL_MODULES_H
#define SYMBOL_MODULES_H

#include <stdint.h>

#include "base/err.h"
#include "symbol/code_file.h"
#include "symbol/unwind_places.h"
#include "symbol/known_code.h"
#include "symbol/process_view.h"

struct modules;
struct module;

/* Files that several processes of a family run code from are read only once for all processes with the same
 * root directory. */
struct module_share;
struct module_share *module_share_create(void);
void module_share_destroy(struct module_share *); /* after all who use it */

/* `share` (NULL: none) stays the caller's, and lives longer. */
struct modules *modules_create(struct module_share *share);
void modules_destroy(struct modules *);
/* After an exec: forgets all files. */
void modules_forget(struct modules *);
/* The process's root directory, an fd that is taken over; -1: not known. Call it once, before anything is
 * asked. */
void modules_set_root(struct modules *, int root);
/* The same, valid as long as the modules; -1: not known. */
int modules_root(const struct modules *);

/* The file of a region, or the kernel's vdso; opened the first time. Never NULL: one that cannot be read
 * knows why. Valid until the next call, or until a reference that was taken is released. */
struct module *modules_find(struct modules *, const struct process_view *, const struct region_attr *);

/* The same, with its bytes at hand, and valid as long; NULL: it cannot be opened. Only for the thread that watches. */
struct module *modules_find_bytes(struct modules *, const struct process_view *, const struct region_attr *);
/* Of a module that modules_find_bytes has returned: copies the file's bytes from an offset on, and returns how
 * many. What was read once is kept. Only for the thread that watches. */
size_t module_copy(struct module *, uint64_t offset, void *bytes, size_t size);
/* The file itself, read-only, which stays the module's. */
int module_bytes_fd(const struct module *);
/* Both at once; also 0 if it cannot be opened. */
size_t modules_copy(struct modules *, const struct process_view *, const struct region_attr *,
		    uint64_t offset, uint8_t *bytes, size_t size);

/* A symbol's name as people write it, demangled; valid until the next call. */
const char *modules_readable(struct modules *, const char *name);

/* Takes and gives back a reference. */
struct module *module_hold(struct module *);
void module_release(struct module *);
/* Reads the symbol tables, the first time. NULL if that is not possible: see module_err. */
const struct elf_file *module_elf(struct module *);
/* The same with its names of code, which only one thread at a time may use: between module_begin, which waits until
 * nobody else does, and module_end. */
struct code_file *module_code(struct module *);
void module_begin(struct module *);
void module_end(struct module *);
/* After one of these returned NULL: why. Valid as long as the module. */
const struct err *module_err(const struct module *);
/* Has it already been read? Then neither takes time. */
bool module_is_read(struct module *);
/* What was found in the file so far. Only for the thread that watches. */
struct known_code *module_known(struct module *);
struct unwind_places *module_places(struct module *);
/* When the file was last written, seconds since 1970; 0: not known. */
int64_t module_written(const struct module *);

#endif
