/* The kernel's sums, by region. They were read at another moment than the regions: a process
 * that runs on may have others by then, and sums are good only for the very same addresses. */
#include "export/snapshot_sums.h"

#include <stdlib.h>

#include "base/i18n.h"

static int compare_start(const void *key, const void *element)
{
	uint64_t start = *(const uint64_t *)key;
	const struct region_sums *sums = element;

	return start < sums->start ? -1 : start > sums->start;
}

const struct region_sums *snapshot_sums_find(const struct snapshot_options *options,
					     const struct region *region)
{
	const struct region_sums *found = NULL;

	if (options->sums_count)
		found = bsearch(&region->attr.start, options->sums, options->sums_count, sizeof *found,
				compare_start);
	return found && found->end == region->attr.end ? found : NULL;
}

const char *snapshot_sums_why(const struct snapshot_options *options)
{
	return options->smaps_why ? options->smaps_why : _("the region changed before its sums were read");
}
