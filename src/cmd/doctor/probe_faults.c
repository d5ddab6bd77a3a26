/* Tries page fault events on pagescape itself: opens them as watching does, then causes a fault,
 * which has to arrive. */
#include "cmd/doctor/probes.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "kern/perf/faults.h"
#include "symbol/unwind.h"

#define STACK_BYTES 1024

static struct finding *add(struct findings *all, enum source_kind kind, enum finding_status status,
			   const char *text, const char *why)
{
	struct finding *finding = findings_add(all, FINDINGS_EVENTS, source_kind_name(kind), status, text);

	if (status != FINDING_OK && status != FINDING_OFF)
		finding->why = mem_strdup(why);
	return finding;
}

static enum finding_status status_of(const struct err *err)
{
	return err->code == ERR_UNSUPPORTED ? FINDING_MISSING : FINDING_DENIED;
}

/* Touches a fresh page: does the fault arrive, with a stack? */
static bool stack_arrives(struct faults *faults)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct fault_batch batch = { 0 };
	bool arrived = false;

	if ((void *)page == MAP_FAILED)
		return false;
	page[0] = 1;
	faults_drain(faults, &batch, clock_now_ns());
	for (size_t i = 0; i < batch.count; i++)
		arrived = arrived || (batch.records[i].address - (uint64_t)(uintptr_t)page < size &&
				      batch.records[i].length > 0);
	fault_batch_fini(&batch);
	munmap((void *)(uintptr_t)page, size);
	return arrived;
}

static bool no_file(void *context, uint64_t address, struct unwind_mapping *mapping)
{
	return false;
}

static bool can_unwind(void)
{
	struct unwind_files files = { .find = no_file };
	struct unwinder *unwinder = unwinder_libunwind.create(&files);

	if (unwinder)
		unwinder_libunwind.destroy(unwinder);
	return unwinder != NULL;
}

/* One kind of faults: seen, or why not, and what would help. */
static void add_kind(struct findings *all, const char *name, const char *text, const struct err *err,
		     bool off, const char *remedy)
{
	enum finding_status status = off ? FINDING_OFF : err->code ? status_of(err) : FINDING_OK;
	struct finding *finding = findings_add(all, FINDINGS_EVENTS, name, status, text);

	if (status == FINDING_OK || off)
		return;
	finding->why = mem_strdup(err->text);
	/* for a limit, the reason itself says what helps */
	finding->remedy = err->code == ERR_SYSTEM ? NULL : remedy;
}

static void add_faults(struct findings *all, const struct faults *faults, struct err *err, bool off)
{
	add_kind(all, "faults_user", _("each page fault of your own processes in user mode"), err, off,
		 _("sysctl kernel.perf_event_paranoid=2, or root (sudo), or CAP_PERFMON"));
	if (faults && faults_user_only(faults))
		err_set(err, ERR_DENIED, "%s", _("the kernel reports faults in user mode only"));
	add_kind(all, "faults_kernel", _("also those inside system calls"), err, off,
		 _("sysctl kernel.perf_event_paranoid=1, or root (sudo), or CAP_PERFMON"));
}

static void add_stacks(struct findings *all, struct faults *faults, const struct reader_options *options)
{
	const char *text = _("how the program got to each fault");
	bool off = options->off[SOURCE_STACKS], unwinds = can_unwind();

	if (off)
		add(all, SOURCE_STACKS, FINDING_OFF, text, NULL);
	else if (!unwinds)
		add(all, SOURCE_STACKS, FINDING_MISSING, text,
		    _("pagescape cannot unwind stacks on this architecture"));
	else if (!faults)
		add(all, SOURCE_STACKS, FINDING_DENIED, text,
		    _("they come with faults, which cannot be seen"));
	else if (stack_arrives(faults))
		add(all, SOURCE_STACKS, FINDING_OK, text, NULL);
	else
		add(all, SOURCE_STACKS, FINDING_MISSING, text, _("a test fault came without its stack"));
}

static void add_access(struct findings *all, const struct faults *faults,
		       const struct reader_options *options)
{
	const char *text = _("whether each was a read, a write or an execution, from the processor");
	struct finding *finding;

	if (options->off[SOURCE_ACCESS]) {
		add(all, SOURCE_ACCESS, FINDING_OFF, text, NULL);
		return;
	}
	if (faults && faults_can_code(faults)) {
		add(all, SOURCE_ACCESS, FINDING_OK, text, NULL);
		return;
	}
	if (!faults) {
		add(all, SOURCE_ACCESS, FINDING_DENIED, text,
		    _("it comes with faults, which cannot be seen"));
		return;
	}
	finding =
	    add(all, SOURCE_ACCESS, status_of(faults_code_err(faults)), text, faults_code_err(faults)->text);
	if (faults_code_err(faults)->code != ERR_SYSTEM)
		finding->remedy = _("root (sudo); otherwise it is inferred from the page before and after");
}

void probe_faults(struct findings *all, const struct reader_options *options)
{
	struct faults_options wanted = { .stack_bytes = options->off[SOURCE_STACKS] ? 0 : STACK_BYTES,
					 .codes = !options->off[SOURCE_ACCESS] };
	struct err err = { 0 };
	struct faults *faults = NULL;

	bool off = options->off[SOURCE_FAULTS];

	if (!off)
		faults = faults_open((int32_t)getpid(), &wanted, &err);
	add_faults(all, faults, &err, off);
	add_stacks(all, faults, options);
	add_access(all, faults, options);
	faults_close(faults);
}
