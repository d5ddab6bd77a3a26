/* /proc/kpageflags and /proc/kpagecount: 8 bytes of every frame of the machine.
 *
 *   kpageflags  0x0000000000005828   bits of include/uapi/linux/kernel-page-flags.h
 *   kpagecount  0x0000000000000001   how often the frame is mapped
 *
 * Locked is what mlock did (bit 33); bit 0 is a lock that the kernel holds for a moment. */
#include "kern/kpage.h"

#include <unistd.h>

#include "event/page.h"

uint32_t kpage_flags(uint64_t kernel_flags)
{
	uint32_t flags = 0;

	if (kernel_flags & KPAGE_REFERENCED)
		flags |= PAGE_REFERENCED;
	if (kernel_flags & KPAGE_DIRTY)
		flags |= PAGE_DIRTY;
	if (kernel_flags & KPAGE_KSM)
		flags |= PAGE_KSM;
	if (kernel_flags & KPAGE_MLOCKED)
		flags |= PAGE_LOCKED;
	return flags;
}

bool kpage_read(int fd, uint64_t frame, size_t n, uint64_t *words)
{
	size_t want = n * sizeof *words;

	return fd >= 0 && pread(fd, words, want, (off_t)(frame * sizeof *words)) == (ssize_t)want;
}
