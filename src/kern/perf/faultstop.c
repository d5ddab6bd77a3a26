/* Four perf events of one thread, all writing into one small ring:
 *
 *     minor faults of user mode     --+-- SIGURG to the thread (F_SETSIG, F_OWNER_TID)
 *     major faults of user mode     --+
 *     minor faults in system calls  --+-- no signal; only where the kernel allows it
 *     major faults in system calls  --+
 *                                     +--> ring:  09 00 00 00  01 00  10 00    sample, 16 bytes
 *                                                 10 30 00 00 12 7f 00 00      address
 *
 * The event happens when the page is there. The signal is sent from an interrupt that the CPU sends to
 * itself, still within the fault; the thread takes it on its way back to user mode, before it runs another
 * instruction. This was verified by counting: stops, samples and the event's own count are equal over
 * millions of faults.
 *
 * attr.sigtrap would do the same with a SIGTRAP, which kills a thread whose tracer dies while it holds it.
 * See perf_event_open(2), fcntl(2) "Managing signals". */
#include "kern/perf/faultstop.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "kern/perf/perf_error.h"

#define EVENTS 4
#define NO_FD (-1)

struct faultstop {
	int32_t tid;
	int fds[EVENTS]; /* user minor, user major, kernel minor, kernel major */
	int signal;
	uint8_t *map; /* one page for control, one for data; NULL: there is none */
	size_t page;
	unsigned page_shift;
	uint64_t counted; /* sum of the events, when last taken */
};

int faultstop_harmless_signal(uint64_t blocked, uint64_t caught)
{
	/* ignored unless caught, the least likely to be used first */
	static const int signals[] = { SIGURG, SIGWINCH, SIGCHLD };

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!((blocked | caught) >> (signals[i] - 1) & 1))
			return signals[i];
	return 0;
}

static int open_event(int32_t tid, bool major, bool kernel)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = major ? PERF_COUNT_SW_PAGE_FAULTS_MAJ : PERF_COUNT_SW_PAGE_FAULTS_MIN,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_ADDR,
		.exclude_kernel = !kernel,
		.exclude_user = kernel,
		.exclude_hv = 1,
		.watermark = 1,
		.wakeup_watermark = UINT32_MAX, /* no one polls it */
	};
	return (int)syscall(SYS_perf_event_open, &attr, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static int open_events(struct faultstop *f, struct err *err)
{
	for (int i = 0; i < EVENTS; i++) {
		bool kernel = i >= 2;
		f->fds[i] = open_event(f->tid, i % 2, kernel);
		/* the kernel's own faults are a matter of rights; without the descriptors they would be missed */
		if (f->fds[i] < 0 && (!kernel || errno == EMFILE || errno == ENFILE))
			return perf_error_event(err, errno);
		if (f->fds[i] < 0)
			break;
	}
	return 0;
}

/* Maps the ring. There is none if all the memory that an ordinary user may lock is in use. */
static void map_ring(struct faultstop *f)
{
	void *map = mmap(NULL, 2 * f->page, PROT_READ | PROT_WRITE, MAP_SHARED, f->fds[0], 0);
	if (map == MAP_FAILED)
		return;
	f->map = map;
	for (int i = 1; i < EVENTS && f->map; i++) {
		if (f->fds[i] < 0 || ioctl(f->fds[i], PERF_EVENT_IOC_SET_OUTPUT, f->fds[0]) == 0)
			continue;
		munmap(f->map, 2 * f->page);
		f->map = NULL;
	}
}

struct faultstop *faultstop_open(int32_t tid, struct err *err)
{
	struct faultstop *f = mem_zalloc(sizeof *f);

	f->tid = tid;
	f->page = (size_t)sysconf(_SC_PAGESIZE);
	f->page_shift = (unsigned)__builtin_ctzl(f->page);
	for (int i = 0; i < EVENTS; i++)
		f->fds[i] = NO_FD;
	struct err failure = { 0 };
	if (open_events(f, &failure) < 0) {
		err_set(err, failure.code, failure.code == ERR_GONE ? "%s" : _("stepping by faults: %s"),
			failure.text);
		if (err)
			err->errnum = failure.errnum;
		faultstop_close(f);
		return NULL;
	}
	map_ring(f);
	return f;
}

void faultstop_close(struct faultstop *f)
{
	if (!f)
		return;
	if (f->map)
		munmap(f->map, 2 * f->page);
	for (int i = 0; i < EVENTS; i++)
		if (f->fds[i] >= 0)
			close(f->fds[i]);
	free(f);
}

int faultstop_send(struct faultstop *f, int32_t tid, int signal, struct err *err)
{
	struct f_owner_ex owner = { F_OWNER_TID, tid };

	f->signal = signal;
	for (int i = 0; i < 2; i++)
		if (fcntl(f->fds[i], F_SETOWN_EX, &owner) != 0 || fcntl(f->fds[i], F_SETSIG, signal) != 0 ||
		    fcntl(f->fds[i], F_SETFL, O_RDWR | O_NONBLOCK | O_ASYNC) != 0)
			return err_system(err, errno, "%s", _("cannot stop it at page faults"));
	return 0;
}

bool faultstop_sent(const struct faultstop *f, int signal, int fd)
{
	return signal == f->signal && (fd == f->fds[0] || fd == f->fds[1]);
}

static uint64_t count(const struct faultstop *f)
{
	uint64_t sum = 0, one;

	for (int i = 0; i < EVENTS; i++)
		if (f->fds[i] >= 0 && read(f->fds[i], &one, sizeof one) == (ssize_t)sizeof one)
			sum += one;
	return sum;
}

/* Counts the ring's faults on the pages. It has room for more faults than a thread can have between two
 * stops, except for a system call that fills much memory: then the first ones are kept. */
static uint64_t take_ring(struct faultstop *f, uint64_t first, uint64_t end)
{
	struct perf_event_mmap_page *control = (void *)f->map;
	uint64_t head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE), n = 0;

	for (uint64_t tail = control->data_tail; tail < head;) {
		/* records are multiples of eight bytes: a header never wraps */
		const struct perf_event_header *header =
		    (const void *)(f->map + f->page + (tail & (f->page - 1)));
		uint64_t address;
		memcpy(&address, f->map + f->page + ((tail + sizeof *header) & (f->page - 1)),
		       sizeof address);
		address >>= f->page_shift;
		n += header->type == PERF_RECORD_SAMPLE && first <= address && address < end;
		if (header->size < sizeof *header)
			break;
		tail += header->size;
	}
	__atomic_store_n(&control->data_tail, head, __ATOMIC_RELEASE);
	return n;
}

uint64_t faultstop_take(struct faultstop *f, uint64_t first, uint64_t end)
{
	if (first < end)
		return f->map ? take_ring(f, first, end) : 0;
	uint64_t now = count(f), before = f->counted;
	f->counted = now;
	return now - before;
}

void faultstop_begin(struct faultstop *f)
{
	f->counted = count(f);
	if (f->map)
		take_ring(f, 0, 0);
}

bool faultstop_within_calls(const struct faultstop *f)
{
	return f->fds[2] >= 0;
}

bool faultstop_knows_where(const struct faultstop *f)
{
	return f->map;
}
