/* Where the memory of a program's or a library's data ends, according to its own headers: what comes right after
 * the part that is in the file is bss up to there, and beyond that whatever the program has mapped. */
#ifndef KERN_IMAGE_ENDS_H
#define KERN_IMAGE_ENDS_H

#include "kern/pagecache.h"

/* What is known of the mappings of files, so that each is read once. Starts from zeroes. */
struct image_ends {
	struct image_end *list;
	size_t count, cap;
};
void image_ends_fini(struct image_ends *);

/* Makes anonymous what was taken for bss (kern/kinds.h) and lies after its image's end. If the file
 * cannot be read it stays bss. */
void image_ends_check(struct image_ends *, struct region_list *, struct pagecache *);

#endif
