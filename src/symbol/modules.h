/* The files that a process runs code from (libdwfl calls them modules, too), opened and kept: the only way
 * from a region to what symbol/code_file.h knows about the mapped file.
 *
 * The watching thread creates them; the thread that names code (symbolizer_thread.h) may use them, too. A
 * caller that passes one on takes a reference for the receiver. */
#ifndef SYMBOL_MODULES_H
#define SYMBOL_MODULES_H

#include <stdint.h>

#include "base/err.h"
#include "symbol/code_file.h"
#include "symbol/unwind_sites.h"
#include "symbol/known_code.h"
#include "symbol/process_view.h"

struct modules;
struct module;

/* Files that several processes of a family run code from, or one process before and after an exec, are read only once
 * for all processes with the same root directory. */
struct module_share;
struct module_share *module_share_create(void);
void module_share_destroy(struct module_share *); /* after all modules that use it */

/* `share` (NULL: they have one of their own) stays the caller's, and must live longer. */
struct modules *modules_create(struct module_share *share);
void modules_destroy(struct modules *);
/* After an exec: forgets which files the process runs code from. What was read of them stays in the share. */
void modules_forget(struct modules *);
/* Sets the process's root directory, an fd that is taken over; -1: not known. Call it once, before any
 * lookup. */
void modules_set_root(struct modules *, int root);
/* The process's root directory, an fd valid as long as the modules; -1: not known. */
int modules_root(const struct modules *);

/* The file of a region, or the kernel's vdso; opened the first time. Never NULL: if the file cannot be read,
 * module_err says why. Valid until the next call, or until a reference that was taken is released. */
struct module *modules_find(struct modules *, const struct process_view *, const struct region_attr *);

/* The same for module_copy, and valid as long; NULL: it cannot be opened. For the watching thread only. */
struct module *modules_find_bytes(struct modules *, const struct process_view *, const struct region_attr *);
/* Of a module that modules_find_bytes has returned: copies the file's bytes from an offset on, and returns
 * how many. What was read once is kept. For the watching thread only. */
size_t module_copy(struct module *, uint64_t offset, void *bytes, size_t size);
/* The file itself, read-only, which stays the module's. */
int module_bytes_fd(const struct module *);
/* modules_find_bytes and module_copy in one; also 0 if the file cannot be opened. */
size_t modules_copy(struct modules *, const struct process_view *, const struct region_attr *,
		    uint64_t offset, uint8_t *bytes, size_t size);

/* A symbol's name as people write it, demangled; valid until the next call. */
const char *modules_readable(struct modules *, const char *name);

/* Take and release a reference. */
struct module *module_hold(struct module *);
void module_release(struct module *);
/* Its symbol tables, read on first use. NULL if they cannot be read: see module_err. */
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
/* Caches of what was found in the file so far. For the watching thread only. */
struct known_code *module_known(struct module *);
struct unwind_sites *module_sites(struct module *);
/* When the file was last written, seconds since 1970; 0: not known. */
int64_t module_written(const struct module *);

#endif
