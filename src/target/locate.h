/* From an address of a process to a place in an ELF file. */
#ifndef TARGET_LOCATE_H
#define TARGET_LOCATE_H

#include "event/source.h"
#include "kern/reader.h"
#include "model/space.h"

struct locator;

struct locator *locator_create(void);
void locator_destroy(struct locator *);

/* Always answers: where nothing can be told, location->why says why. Files are read
 * the first time that they are asked for, and kept. */
void locator_find(struct locator *, struct reader *, const struct space *, uint64_t address, struct location *);

#endif
