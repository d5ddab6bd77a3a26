/* Memory whose faults go to a handler of the program's own. */
#include "live/cause_target.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A userfaultfd handler provides pages of 'x', or allows writes. */
static int handler_fd;
static char given[PAGE];

static void *serve(void *unused)
{
	struct uffd_msg m;

	while (read(handler_fd, &m, sizeof m) == sizeof m) {
		uint64_t page = m.arg.pagefault.address & ~(uint64_t)(PAGE - 1);
		struct uffdio_copy copy = { .dst = page, .src = (uintptr_t)given, .len = PAGE };
		struct uffdio_writeprotect go_on = { .range = { page, PAGE } };

		if (m.arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WP)
			must(ioctl(handler_fd, UFFDIO_WRITEPROTECT, &go_on) == 0, "UFFDIO_WRITEPROTECT");
		else
			must(ioctl(handler_fd, UFFDIO_COPY, &copy) == 0, "UFFDIO_COPY");
	}
	return unused;
}

static void open_handler(uint64_t features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };

	handler_fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	must(handler_fd >= 0 && ioctl(handler_fd, UFFDIO_API, &api) == 0, "userfaultfd");
	memset(given, 'x', sizeof given);
}

static void serve_faults(void)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, serve, NULL) == 0, "pthread_create");
}

static void register_pages(volatile char *at, size_t pages, uint64_t mode)
{
	struct uffdio_register r = { .range = { (uintptr_t)at, pages * PAGE }, .mode = mode };

	must(ioctl(handler_fd, UFFDIO_REGISTER, &r) == 0, "UFFDIO_REGISTER");
}

static void touch_userfault(void)
{
	volatile char *memory = map_memory(8 * PAGE), *plain = map_memory(4 * PAGE),
		      *protected = map_memory(4 * PAGE), *begun = map_memory(PAGE);

	open_handler(UFFD_FEATURE_PAGEFAULT_FLAG_WP);
	protected[PAGE] = 1;
	register_pages(memory, 8, UFFDIO_REGISTER_MODE_MISSING);
	register_pages(protected, 4, UFFDIO_REGISTER_MODE_WP);
	serve_faults();
	*begun = 1;
	until(begun, "anon"); /* so the regions have been looked at since they are registered */
	expect(memory + 8, "userfault", "read", "0 0 0");
	must(memory[8] == 'x', "content");
	touch_writing(memory + PAGE + 8, 1, "userfault", "0 0 0");
	expect(plain + PAGE, "zero-page", "read", "0 0 0");
	must(plain[PAGE] == 0, "content");
	touch_writing(plain + 2 * PAGE, 1, "zero-fill", "0 0 0");
	until(memory + PAGE, "anon");
	struct uffdio_writeprotect w = { .range = { (uintptr_t) protected, 2 * PAGE },
					 .mode = UFFDIO_WRITEPROTECT_MODE_WP };
	must(ioctl(handler_fd, UFFDIO_WRITEPROTECT, &w) == 0, "UFFDIO_WRITEPROTECT");
	touch_writing(protected + PAGE + 8, 1, "userfault", "0 0 0");
	touch_writing(protected + 3 * PAGE, 1, "zero-fill", "0 0 0"); /* missing pages are not registered */
}

/* Registered and unregistered while faults come: not every moment is looked at. */
static void touch_userfault_changes(void)
{
	open_handler(0);
	serve_faults();
	for (size_t round = 0; round < 6; round++) {
		volatile char *memory = map_memory(12 * PAGE);

		touch_writing(memory + 8, 4, "zero-fill", "- - 0");
		register_pages(memory, 12, UFFDIO_REGISTER_MODE_MISSING);
		touch_writing(memory + 4 * PAGE + 8, 4, "userfault", "- - 0");
		if (round % 2)
			until(memory + 4 * PAGE, "anon");
		struct uffdio_range range = { (uintptr_t)memory, 12 * PAGE };
		must(ioctl(handler_fd, UFFDIO_UNREGISTER, &range) == 0, "UFFDIO_UNREGISTER");
		touch_writing(memory + 8 * PAGE + 8, 4, "zero-fill", "- - 0");
		if (round >= 3)
			until(memory + 8 * PAGE, "anon");
	}
}

const struct cause_case userfault_cases[] = {
	{ "userfault", touch_userfault },
	{ "userfault_changes", touch_userfault_changes },
	{ NULL, NULL },
};
