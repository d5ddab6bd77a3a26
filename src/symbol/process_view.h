/* What has to be known about a process to name its code: its regions, and their files and bytes. Provided by
 * the caller that watches it, so that nothing in symbol/ reads /proc. */
#ifndef SYMBOL_PROCESS_VIEW_H
#define SYMBOL_PROCESS_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "event/region.h"

struct process_view_ops {
	/* The region that holds the address (if several overlap, the latest), NULL: none; and the region with
	 * the highest start below the address. Valid until the regions change. */
	const struct region *(*region_at)(void *context, uint64_t address);
	const struct region *(*region_below)(void *context, uint64_t address);
	/* Opens exactly the file that is mapped there, read-only: an fd that the caller closes, or -1. */
	int (*open_file)(void *context, const struct region_attr *, struct err *);
	/* The build-id of the file that is mapped at the address, as the kernel has it: bytes
	 * copied, 0: not known, or longer than `size`. */
	size_t (*build_id)(void *context, uint64_t address, uint8_t *id, size_t size);
	/* Copies memory from the address on, as far as it is resident and may be read; returns how many bytes. */
	size_t (*peek)(void *context, uint64_t address, uint8_t *bytes, size_t size);
	/* Its pid in its own pid namespace. */
	int32_t (*own_pid)(void *context);
};

struct process_view {
	uint32_t uid;        /* the user that the process belongs to */
	uint64_t page_size;  /* bytes */
	uint64_t generation; /* a new number each time its regions change */
	const struct process_view_ops *ops;
	void *context;
};

/* The region below another one, by start; NULL: none. */
static inline const struct region *process_view_below(const struct process_view *view,
						      const struct region *region)
{
	return view->ops->region_below(view->context, region->attr.start);
}

#endif
