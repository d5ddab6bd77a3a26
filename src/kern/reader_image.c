/* The image that a process really runs, and its surroundings: to find names of its code by.
 *
 * PROCMAP_QUERY (Linux 6.11, include/uapi/linux/fs.h) answers for one address what maps has
 * for all, and the build-id besides. The kernel takes that from the file which is mapped,
 * deleted or not, whether we may open it or not. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kern/file.h"
#include "kern/pagemap.h"
#include "kern/reader_state.h"

/* Not in the headers of older systems. */
struct map_query {
	uint64_t size, flags, address;
	uint64_t vma_start, vma_end, vma_flags, vma_page_size, vma_offset, inode;
	uint32_t dev_major, dev_minor;
	uint32_t name_size, build_id_size;
	uint64_t name, build_id;
};
#define MAP_QUERY _IOWR('f', 17, struct map_query)

size_t reader_build_id(struct reader *r, uint64_t address, uint8_t *id, size_t size)
{
	struct map_query query = {
		.size = sizeof query,
		.address = address,
		.build_id_size = (uint32_t)size,
		.build_id = (uintptr_t)id,
	};

	if (r->captured || r->maps < 0 || ioctl(r->maps, MAP_QUERY, &query) != 0)
		return 0;
	return query.build_id_size <= size ? query.build_id_size : 0;
}

static bool is_resident(struct reader *r, uint64_t page)
{
	uint64_t entry;

	return r->pagemap >= 0 && pagemap_read(r->pagemap, page, 1, &entry) == 1 && entry & ENTRY_PRESENT;
}

size_t reader_peek(struct reader *r, uint64_t address, uint8_t *bytes, size_t size)
{
	uint64_t page_size = UINT64_C(1) << r->page_shift;
	int fd = *r->why[SOURCE_BYTES] ? -1 : openat(r->thread, "mem", O_RDONLY | O_CLOEXEC);
	size_t have = 0;

	while (fd >= 0 && have < size && is_resident(r, (address + have) >> r->page_shift)) {
		uint64_t at = address + have, left = page_size - (at & (page_size - 1));
		size_t want = size - have < left ? size - have : (size_t)left;
		ssize_t got = pread(fd, bytes + have, want, (off_t)at);

		if (got <= 0)
			break;
		have += (size_t)got;
	}
	if (fd >= 0)
		close(fd);
	return have;
}

int reader_root(const struct reader *r)
{
	return r->captured ? -1 : openat(r->process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* "NSpid:\t4242\t17": in our namespace first, in the innermost last. */
int32_t reader_own_pid(struct reader *r)
{
	const char *at = NULL;
	long pid = r->pid;

	if (file_read_at(r->process, "status", &r->text) == 0 && r->text.len)
		at = strstr(r->text.text, "\nNSpid:");
	if (!at)
		return r->pid;
	at += sizeof "\nNSpid:" - 1;
	while (*at == '\t') {
		char *end;

		pid = strtol(at, &end, 10);
		if (end == at)
			break;
		at = end;
	}
	return pid > 0 && pid <= INT32_MAX ? (int32_t)pid : r->pid;
}
