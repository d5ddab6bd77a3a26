#include "kern/reclaim.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/i18n.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21 /* Linux 5.4 */
#endif

#ifndef SYS_cachestat
#define SYS_cachestat 451 /* Linux 6.5; the same number on every machine */
#endif

static int evict_error(int errnum, struct err *err)
{
	switch (errnum) {
	case EPERM:
		return err_system(err, errnum, "%s", _("evicting needs CAP_SYS_NICE (sudo)"));
	case EACCES:
		return err_system(err, errnum, "%s", _("evicting needs ptrace read access to the process"));
	case EINVAL:
		return err_system(err, errnum, "%s", _("locked, huge or device pages cannot be evicted"));
	default:
		return err_system(err, errnum, "process_madvise");
	}
}

/* Each processor keeps pages that came a moment ago on its own list, from which the kernel does not reclaim
 * them. Any request to page out empties the list of the processor that it runs on (lru_add_drain in
 * mm/madvise.c): here, on each processor, a request for a page that was never touched. */
static void empty_lists_of_processors(void)
{
	cpu_set_t allowed, one;
	size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
	void *nothing = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (nothing == MAP_FAILED)
		return;
	if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
		for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
			if (!CPU_ISSET(cpu, &allowed))
				continue;
			CPU_ZERO(&one);
			CPU_SET(cpu, &one);
			if (sched_setaffinity(0, sizeof one, &one) == 0)
				madvise(nothing, bytes, MADV_PAGEOUT);
		}
		sched_setaffinity(0, sizeof allowed, &allowed);
	}
	munmap(nothing, bytes);
}

/* One call takes 2 GiB at most, and returns how far it got. */
int reclaim_evict(int pidfd, uint64_t address, uint64_t bytes, struct err *err)
{
	empty_lists_of_processors();
	while (bytes) {
		struct iovec range = { (void *)(uintptr_t)address, bytes };
		long done = syscall(SYS_process_madvise, pidfd, &range, 1UL, MADV_PAGEOUT, 0U);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return evict_error(done < 0 ? errno : EINVAL, err);
		address += (uint64_t)done;
		bytes -= (uint64_t)done;
	}
	return 0;
}

int reclaim_drop(int file, uint64_t offset, uint64_t bytes, struct err *err)
{
	int errnum = posix_fadvise(file, (off_t)offset, (off_t)bytes, POSIX_FADV_DONTNEED);

	return errnum ? err_system(err, errnum, "posix_fadvise") : 0;
}

bool reclaim_dirty(int file, uint64_t offset, uint64_t bytes, uint64_t *pages)
{
	struct {
		uint64_t offset, length;
	} range = { offset, bytes };
	struct {
		uint64_t cached, dirty, written_back, evicted, lately_evicted;
	} found;

	if (syscall(SYS_cachestat, file, &range, &found, 0) != 0)
		return false;
	*pages = found.dirty;
	return true;
}

int reclaim_sync(int file, struct err *err)
{
	return fsync(file) < 0 ? err_system(err, errno, "fsync") : 0;
}
