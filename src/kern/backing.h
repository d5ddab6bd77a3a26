/* What is behind a mapping, by its device number. */
#ifndef KERN_BACKING_H
#define KERN_BACKING_H

#include <stdbool.h>
#include <stddef.h>

#include "event/region.h"

enum backing_type {
	BACKING_NONE,    /* private anonymous memory */
	BACKING_FILE,    /* a file in the page cache */
	BACKING_SHM,     /* memory that looks like a file: tmpfs, memfd, shared anonymous, System V */
	BACKING_HUGETLB, /* the hugetlb pool */
	BACKING_DEVICE,  /* a device, or a kernel object's pages */
};

struct backing_device {
	uint32_t major, minor;
	enum backing_type type;
};

struct backing {
	struct backing_device *devices;
	size_t count, cap;
	struct backing_node { /* files below /dev whose type was looked up */
		uint32_t major, minor;
		uint64_t inode;
		enum backing_type type;
	} * nodes;
	size_t node_count, node_cap;
	bool by_path; /* for a captured tree: the kernel's own mounts are recognised by their paths */
};

/* Asks the kernel for the device numbers of its own tmpfs and hugetlbfs mounts, by making empty memfds. Not
 * done with `by_path`, because then maps is another machine's. */
void backing_init(struct backing *, bool by_path);
/* Copies what another one knows about the kernel's own mounts, without asking the kernel again. */
void backing_init_as(struct backing *, const struct backing *kernel);
void backing_fini(struct backing *);

/* Adds the device numbers of the file systems in the text of a mountinfo. `process` is an fd of /proc/PID, or
 * -1. */
void backing_parse_mountinfo(struct backing *, const char *text, size_t len, int process);
/* Is the device number of this region known? Else mountinfo should be read again. */
bool backing_knows(const struct backing *, const struct region_attr *);
/* Remembers a device number that mountinfo does not have either: as a file's if the path is that of a file,
 * else as a kernel object's. */
void backing_settle(struct backing *, const struct region_attr *);
/* Looks up the type of a region's node below /dev. `process` is an fd of /proc/PID. */
void backing_look_up_node(struct backing *, const struct region_attr *, int process);

/* What a region's memory is made of. */
enum backing_type backing_type(const struct backing *, const struct region_attr *);
/* Is it anonymous memory from the hugetlb pool? The kernel shows that with a file name. */
bool backing_is_anonymous_huge(const struct region_attr *);

#endif
