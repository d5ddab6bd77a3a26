/* /proc/PID/maps: the regions of a process. Pure: text in, regions out. */
#ifndef KERN_MAPS_H
#define KERN_MAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "event/region.h"

/* The result of reading maps, replaced by each reading; owns its strings. Start with
 * zeroes, end with region_list_fini. */
struct region_list {
	struct region_attr *attrs;
	size_t count, cap;
	char *strings;
	size_t strings_len, strings_cap;
};
void region_list_fini(struct region_list *);

/* Decides which reading of an escaped path is right. */
struct maps_paths {
	/* Is the region's file, by its device and inode, at that path? NULL: it is not known. */
	bool (*is_at)(void *context, const struct region_attr *, const char *path);
	void *context;
};

/* Replaces the list's contents by the regions in the text of maps; kinds are not known yet (kern/kinds.h).
 * Returns 0, or the number of the first line that makes no sense (the lines before it are kept). "\012" in a
 * path may stand for a newline or for these four characters: `paths` (or NULL) is asked, and if that does not
 * decide it, it is taken as a newline. */
size_t maps_parse(struct region_list *, const char *text, size_t len, const struct maps_paths *paths);

/* Do the regions follow one another without overlapping? maps is not atomic over several reads: if they
 * overlap, it has to be read again. */
bool maps_in_order(const struct region_list *);
/* Sorts, and cuts off what overlaps: the last resort if reading it again has not helped. */
void maps_force_order(struct region_list *);

#endif
