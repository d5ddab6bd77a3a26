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

/* Makes bss all that lies between the part in the file and its image's end, and anonymous what was taken for bss
 * (kern/kinds.h) and lies behind that. If the file cannot be read, kinds stay as they are. The regions need not
 * be in order. */
void image_ends_check(struct image_ends *, struct region_list *, struct pagecache *);
/* The same for a whole reading of maps, with one more region where the kernel has a bss and what lies behind it in
 * one mapping: the second one is `joined`. */
void image_ends_split(struct image_ends *, struct region_list *, struct pagecache *);

#endif
