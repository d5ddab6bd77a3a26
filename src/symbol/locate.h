/* From an address of a process to a position in an ELF file, for data. Code gets its names from symbolizer.h,
 * by the same files. */
#ifndef SYMBOL_LOCATE_H
#define SYMBOL_LOCATE_H

#include "event/source.h"
#include "symbol/modules.h"

/* Always answers: if nothing is known, location->why says why. If a file would have to be read first and
 * `wait` is not set, the location is pending and the file is returned, so that the caller can have it read;
 * otherwise returns NULL. Texts are valid until the next call. */
struct module *locate_address(struct modules *, const struct process_view *, uint64_t address, bool wait,
			      struct location *);

#endif
