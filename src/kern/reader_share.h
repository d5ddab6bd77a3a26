/* What readers of several processes share, so that it is read only once: which files are open, which device
 * numbers the kernel's own mounts have, how wide addresses are. For one thread. */
#ifndef KERN_READER_SHARE_H
#define KERN_READER_SHARE_H

#include "kern/backing.h"
#include "kern/open_files.h"

struct reader_share {
	struct open_files *files;
	struct backing backing; /* of the kernel's own mounts */
	int address_bits;       /* of the machine; 0: not known yet */
};

/* The caller ends it with reader_share_destroy, when its readers are closed. */
struct reader_share *reader_share_create(void);
void reader_share_destroy(struct reader_share *); /* NULL is fine */

#endif
