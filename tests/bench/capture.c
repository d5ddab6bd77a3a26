/* capture: what each way that the kernel offers to record a page fault costs the program, by perf events and
 * by a BPF program, for the figures in doc/MEASUREMENTS.md.
 *
 *   capture [ROUNDS]     default 10
 *
 * Prints "WAY: N us a fault, N more", the least of all rounds. The ways take turns, on one processor, and
 * nobody reads what they record: it is the program's own time alone. */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGES 32768
#define RING_PAGES 512
#define BPF_RING_BYTES (4u << 20) /* all records fit: a full one would cost less */
#define REGS 0xf401c2             /* as kern/perf/faultring.h */
#define STACK_BYTES 1024
#define SAMPLE                                                                                               \
	(PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_ADDR)

struct way {
	const char *name;
	unsigned period;       /* of records; 0: counted only */
	unsigned stack_period; /* of stacks, in records of their own; 0: none */
	unsigned stack_bytes;  /* in the records themselves */
	int bpf;               /* 1: a program that does nothing, 2: that records */
};

static const struct way ways[] = {
	{ .name = "nobody watches" },
	{ .name = "counted", .period = 0 },
	{ .name = "each recorded", .period = 1 },
	{ .name = "each recorded, with its stack", .period = 1, .stack_bytes = STACK_BYTES },
	{ .name = "each recorded, one in 4 with its stack", .period = 1, .stack_period = 4 },
	{ .name = "each recorded, one in 16 with its stack", .period = 1, .stack_period = 16 },
	{ .name = "each recorded, one in 64 with its stack", .period = 1, .stack_period = 64 },
	{ .name = "one in 64 recorded, with its stack", .period = 64, .stack_bytes = STACK_BYTES },
	{ .name = "a BPF program that does nothing", .period = 1, .bpf = 1 },
	{ .name = "a BPF program that records 32 bytes", .period = 1, .bpf = 2 },
};
#define WAYS (sizeof ways / sizeof *ways)

static void die(const char *what)
{
	fprintf(stderr, "capture: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int open_event(unsigned period, unsigned stack_bytes, uint64_t sample)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_SW_PAGE_FAULTS_MIN,
		.sample_period = period,
		.sample_type = sample,
		.exclude_hv = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.watermark = 1,
		.wakeup_watermark = 1u << 30,
	};

	if (stack_bytes) {
		attr.sample_type |= PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
		attr.sample_regs_user = REGS;
		attr.sample_stack_user = stack_bytes;
	}
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, 0, -1, 0);
	if (fd < 0)
		die("perf_event_open");
	return fd;
}

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof *attr);
}

#define INSN(op, to, from, offset, value)                                                                    \
	((struct bpf_insn){                                                                                  \
	    .code = (op), .dst_reg = (to), .src_reg = (from), .off = (offset), .imm = (value) })
#define LOAD(to, from, offset) INSN(BPF_LDX | BPF_MEM | BPF_DW, to, from, offset, 0)
#define STORE(to, offset, from) INSN(BPF_STX | BPF_MEM | BPF_DW, to, from, offset, 0)
#define SET(to, value) INSN(BPF_ALU64 | BPF_MOV | BPF_K, to, 0, 0, value)
#define COPY(to, from) INSN(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0)
#define CALL(function) INSN(BPF_JMP | BPF_CALL, 0, 0, 0, function)
#define EXIT INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

/* Returns a program for a perf event: instruction, address, time and thread go into a ring of BPF's. The
 * offsets are those of struct bpf_perf_event_data on x86-64. */
static int load_program(int records)
{
	union bpf_attr map = { .map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = BPF_RING_BYTES };
	int ring = bpf(BPF_MAP_CREATE, &map);
	const struct bpf_insn nothing[] = { SET(0, 0), EXIT };
	const struct bpf_insn record[] = {
		COPY(6, 1),
		INSN(BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_FD, 0, ring),
		INSN(0, 0, 0, 0, 0),
		SET(2, 32),
		SET(3, 0),
		CALL(BPF_FUNC_ringbuf_reserve),
		INSN(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 12, 0),
		COPY(7, 0),
		LOAD(1, 6, 128),
		STORE(7, 0, 1),
		LOAD(1, 6, 176),
		STORE(7, 8, 1),
		CALL(BPF_FUNC_ktime_get_ns),
		STORE(7, 16, 0),
		CALL(BPF_FUNC_get_current_pid_tgid),
		STORE(7, 24, 0),
		COPY(1, 7),
		SET(2, BPF_RB_NO_WAKEUP),
		CALL(BPF_FUNC_ringbuf_submit),
		SET(0, 0),
		EXIT,
	};
	union bpf_attr program = {
		.prog_type = BPF_PROG_TYPE_PERF_EVENT,
		.insns = (uintptr_t)(records ? record : nothing),
		.insn_cnt = records ? sizeof record / sizeof *record : sizeof nothing / sizeof *nothing,
		.license = (uintptr_t) "GPL",
	};
	int fd = ring < 0 ? -1 : bpf(BPF_PROG_LOAD, &program);

	if (fd < 0)
		die("bpf");
	return fd;
}

static void begin(const struct way *way)
{
	if (way == &ways[0])
		return;
	int fd = open_event(way->period, way->stack_bytes, way->bpf ? 0 : SAMPLE);
	size_t size = (1 + RING_PAGES) * (size_t)sysconf(_SC_PAGESIZE);

	if (way->bpf && ioctl(fd, PERF_EVENT_IOC_SET_BPF, load_program(way->bpf == 2)) < 0)
		die("PERF_EVENT_IOC_SET_BPF");
	/* not writable: it is written over again and again */
	if (way->period && !way->bpf && mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
		die("mmap of a ring");
	if (way->stack_period &&
	    ioctl(open_event(way->stack_period, STACK_BYTES, SAMPLE), PERF_EVENT_IOC_SET_OUTPUT, fd) < 0)
		die("PERF_EVENT_IOC_SET_OUTPUT");
}

static double touch_pages(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *pages =
	    mmap(NULL, PAGES * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if ((void *)pages == MAP_FAILED)
		die("mmap");
	(void)madvise((void *)(uintptr_t)pages, PAGES * size,
		      MADV_NOHUGEPAGE); /* or there are no huge pages */
	double began = now_us();
	for (size_t i = 0; i < PAGES; i++)
		pages[i * size] = 1;
	return (now_us() - began) / PAGES;
}

/* Microseconds a fault, in a process of its own; negative: this way is not available. */
static double measure(const struct way *way)
{
	double took = -1;
	int ends[2];

	if (pipe(ends) < 0)
		die("pipe");
	pid_t child = fork();
	if (child == 0) {
		begin(way);
		took = touch_pages();
		_exit(write(ends[1], &took, sizeof took) != sizeof took);
	}
	close(ends[1]);
	if (child < 0 || read(ends[0], &took, sizeof took) != sizeof took)
		took = -1;
	close(ends[0]);
	waitpid(child, NULL, 0);
	return took;
}

int main(int argc, char *argv[])
{
	int rounds = argc > 1 ? atoi(argv[1]) : 10;
	double least[WAYS] = { 0 };
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof first, &first) < 0)
		die("sched_setaffinity");
	for (int round = 0; round < rounds; round++)
		for (size_t i = 0; i < WAYS; i++) {
			double took = least[i] < 0 ? -1 : measure(&ways[i]);

			least[i] = round == 0 || took < least[i] ? took : least[i];
		}
	for (size_t i = 0; i < WAYS; i++)
		if (least[i] < 0)
			printf("%-42s not to be had here\n", ways[i].name);
		else
			printf("%-42s %5.2f us a fault, %5.2f more\n", ways[i].name, least[i],
			       least[i] - least[0]);
	return 0;
}
