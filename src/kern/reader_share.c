#include "kern/reader_share.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

#define KEEP_NS (3 * CLOCK_SECOND) /* how long a file stays open that none of them maps any more */

struct reader_share *reader_share_create(void)
{
	struct reader_share *share = mem_zalloc(sizeof *share);

	share->files = open_files_create(KEEP_NS);
	backing_init(&share->backing, false);
	return share;
}

void reader_share_destroy(struct reader_share *share)
{
	if (!share)
		return;
	open_files_destroy(share->files);
	backing_fini(&share->backing);
	free(share);
}
