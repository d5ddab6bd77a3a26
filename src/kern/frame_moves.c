/*     pgmigrate_success 81234
 *     thp_collapse_alloc 12
 *     cow_ksm 0
 */
#include "kern/frame_moves.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "kern/procfile.h"

/* Kernels built without one of these do not have its line. */
static const char *const lines[] = { "pgmigrate_success ", "thp_collapse_alloc ", "cow_ksm ",
				     "ksm_swpin_copy " };

bool frame_moves_parse(const char *text, uint64_t *moves)
{
	bool any = false;

	*moves = 0;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
			if (text_begins(line, lines[i])) {
				*moves += strtoull(line + strlen(lines[i]), NULL, 10);
				any = true;
			}
	return any;
}

bool frame_moves_read(uint64_t *moves)
{
	struct strbuf text = { 0 };
	int fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
	bool read = fd >= 0 && procfile_read_fd(fd, &text, NULL) == 0 && frame_moves_parse(text.text, moves);

	if (fd >= 0)
		close(fd);
	strbuf_fini(&text);
	return read;
}
