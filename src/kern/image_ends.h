/* Where the data of a program or a library ends in memory, according to its ELF headers. From the end of the
 * part in the file up to there the memory is bss; beyond, it is whatever the program has mapped. */
#ifndef KERN_IMAGE_ENDS_H
#define KERN_IMAGE_ENDS_H

#include "kern/pagecache.h"

/* A cache of what the headers say, so that each file is read once. Starts from zeroes. */
struct image_ends {
	struct image_end *list;
	size_t count, cap;
};
void image_ends_fini(struct image_ends *);

/* Marks as bss all that lies between the part in the file and its image's end, and as anonymous what lies
 * behind that but was taken for bss (kern/kinds.h). If the file cannot be read, kinds stay as they are. The
 * regions need not be in order. */
void image_ends_check(struct image_ends *, struct region_list *, struct pagecache *);
/* The same for a whole reading of maps, adding a region where the kernel has merged a bss and what lies
 * behind it into one mapping: the second one is `joined`. */
void image_ends_split(struct image_ends *, struct region_list *, struct pagecache *);

#endif
