/* Measures on pagescape itself what recording costs a program: the same few fresh pages are touched with
 * nobody watching, with faults recorded, and with their stacks. The least of several rounds counts, for
 * whatever else the machine does adds to it. */
#include "cmd/doctor/probes.h"

#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/minmax.h"
#include "kern/perf/faults.h"

#define PAGES 256 /* the rings hold as many faults with their stacks */
#define ROUNDS 20
#define STACK_BYTES 1024
#define MORE_SIZE 64

static uint64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * CLOCK_SECOND + (uint64_t)now.tv_nsec;
}

/* Nanoseconds for all pages; 0: cannot be measured. */
static uint64_t touch_pages(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *pages =
	    mmap(NULL, PAGES * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if ((void *)pages == MAP_FAILED)
		return 0;
	(void)madvise((void *)(uintptr_t)pages, PAGES * size,
		      MADV_NOHUGEPAGE); /* or there are no huge pages */
	uint64_t began = cpu_ns();
	for (size_t i = 0; i < PAGES; i++)
		pages[i * size] = 1;
	uint64_t took = cpu_ns() - began;
	munmap((void *)(uintptr_t)pages, PAGES * size);
	return took;
}

/* Microseconds per fault; 0: cannot be measured. NULL: without recording. */
static double measure(const struct faults_options *options)
{
	struct fault_batch batch = { 0 };
	struct err err = { 0 };
	struct faults *faults = options ? faults_open((int32_t)getpid(), options, &err) : NULL;
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < ROUNDS && (faults || !options) && least; i++) {
		uint64_t took = touch_pages();

		least = min(took, least);
		if (faults)
			faults_drain(faults, &batch, clock_now_ns());
		fault_batch_clear(&batch);
	}
	fault_batch_fini(&batch);
	faults_close(faults);
	return least == UINT64_MAX ? 0 : (double)least / PAGES / 1e3;
}

/* "0.4 us". No more than a tenth shows: less is within the noise of such a measurement. */
static const char *more(char buf[static MORE_SIZE], double with, double without)
{
	if (with - without < 0.05)
		return _("within the noise");
	snprintf(buf, MORE_SIZE, _("%.1f us"), with - without);
	return buf;
}

void probe_cost(struct findings *all, const struct reader_options *options)
{
	const struct faults_options plain = { 0 }, stacks = { .stack_bytes = STACK_BYTES };
	char text[320], event[MORE_SIZE], stack[MORE_SIZE];

	if (options->off[SOURCE_FAULTS])
		return;
	double bare = measure(NULL), recorded = measure(&plain);
	double with_stack = options->off[SOURCE_STACKS] ? 0 : measure(&stacks);
	if (!bare || !recorded)
		return;
	if (with_stack)
		snprintf(text, sizeof text,
			 _("a fault takes %.1f us; recording it adds: %s; with its stack: %s"), bare,
			 more(event, recorded, bare), more(stack, with_stack, bare));
	else
		snprintf(text, sizeof text, _("a fault takes %.1f us; recording it adds: %s"), bare,
			 more(event, recorded, bare));
	findings_add(all, FINDINGS_EVENTS, "cost", FINDING_FACT, text);
	findings_add(all, FINDINGS_EVENTS, "waits", FINDING_FACT,
		     _("how long a program that maps memory waits while its maps are read is not measured "
		       "here: make check-harm, in the source, measures it"));
}
