/* Causes of faults, from what was there before and after. */
#include "model/cause.h"

#include <signal.h>
#include <string.h>

#include "event/page.h"
#include "unit/check.h"

#define ADDRESS 0x7f1200003010
#define ELSEWHERE 0x55d2c0a4f1c2

static const struct {
	const char *what;
	enum region_kind kind;
	uint8_t perms;
	bool grown, major;
	uint64_t ip;
	uint32_t was, now;
	enum fault_cause cause;
	enum fault_access access;
} causes[] = {
	{ "first write", REGION_ANON, 3, 0, 0, ELSEWHERE, PAGE_RESERVED, PAGE_ANON, FAULT_ZERO_FILL,
	  FAULT_WRITE },
	{ "first read", REGION_ANON, 3, 0, 0, ELSEWHERE, PAGE_RESERVED, PAGE_ZERO, FAULT_ZERO_PAGE,
	  FAULT_READ },
	{ "write after read", REGION_ANON, 3, 0, 0, ELSEWHERE, PAGE_ZERO, PAGE_ANON, FAULT_ZERO_REPLACED,
	  FAULT_WRITE },
	{ "then not seen", REGION_ANON, 3, 0, 0, ELSEWHERE, PAGE_ZERO, PAGE_UNKNOWN, FAULT_ZERO_REPLACED,
	  FAULT_WRITE },
	{ "neither seen", REGION_ANON, 3, 0, 0, ELSEWHERE, PAGE_UNKNOWN, PAGE_UNKNOWN, FAULT_CAUSE_UNKNOWN,
	  0 },
	{ "before not seen", REGION_ANON, 3, 0, 0, ELSEWHERE, PAGE_UNKNOWN, PAGE_ANON, FAULT_CAUSE_UNKNOWN,
	  0 },
	{ "file, cached", REGION_FILE, 3, 0, 0, ELSEWHERE, PAGE_CACHED, PAGE_FILE, FAULT_FILE_CACHED,
	  FAULT_READ },
	{ "file, from disk", REGION_FILE, 3, 0, 1, ELSEWHERE, PAGE_RESERVED, PAGE_FILE, FAULT_FILE_READ,
	  FAULT_READ },
	{ "code", REGION_TEXT, 5, 0, 0, ADDRESS, PAGE_CACHED, PAGE_FILE, FAULT_FILE_CACHED, FAULT_EXEC },
	{ "code, page's end", REGION_TEXT, 5, 0, 0, ADDRESS - 4, PAGE_CACHED, PAGE_FILE, FAULT_FILE_CACHED,
	  FAULT_EXEC },
	{ "code as data", REGION_TEXT, 5, 0, 0, ELSEWHERE, PAGE_CACHED, PAGE_FILE, FAULT_FILE_CACHED,
	  FAULT_READ },
	{ "shared file", REGION_FILE, 11, 0, 0, ELSEWHERE, PAGE_CACHED, PAGE_FILE, FAULT_FILE_CACHED, 0 },
	{ "shared, read only", REGION_FILE, 9, 0, 0, ELSEWHERE, PAGE_CACHED, PAGE_FILE, FAULT_FILE_CACHED,
	  FAULT_READ },
	{ "shared, dirtied", REGION_FILE, 11, 0, 0, ELSEWHERE, PAGE_FILE, PAGE_FILE, FAULT_WRITE_ENABLE,
	  FAULT_WRITE },
	{ "copy at once", REGION_DATA, 3, 0, 0, ELSEWHERE, PAGE_CACHED, PAGE_COPY, FAULT_COW_FILE,
	  FAULT_WRITE },
	{ "copy", REGION_DATA, 3, 0, 0, ELSEWHERE, PAGE_FILE, PAGE_COPY, FAULT_COW_FILE, FAULT_WRITE },
	{ "after fork", REGION_HEAP, 3, 0, 0, ELSEWHERE, PAGE_ANON | PAGE_SHARED, PAGE_ANON, FAULT_COW_FORK,
	  FAULT_WRITE },
	{ "as it was", REGION_HEAP, 3, 0, 0, ELSEWHERE, PAGE_ANON, PAGE_ANON, FAULT_CAUSE_UNKNOWN, 0 },
	{ "swapped", REGION_HEAP, 3, 0, 1, ELSEWHERE, PAGE_SWAP, PAGE_ANON, FAULT_SWAP_IN, 0 },
	{ "swapped, unseen", REGION_HEAP, 3, 0, 1, ELSEWHERE, PAGE_SWAP, PAGE_UNKNOWN, FAULT_SWAP_IN, 0 },
	{ "shared memory", REGION_SHM, 11, 0, 0, ELSEWHERE, PAGE_RESERVED, PAGE_SHM, FAULT_SHM, 0 },
	{ "only readable", REGION_SHM, 9, 0, 0, ELSEWHERE, PAGE_RESERVED, PAGE_SHM, FAULT_SHM, FAULT_READ },
	{ "stack", REGION_STACK, 3, 1, 0, ELSEWHERE, PAGE_RESERVED, PAGE_ANON, FAULT_STACK_GROWTH,
	  FAULT_WRITE },
	{ "other memory that grows", REGION_ANON, 3, 1, 0, ELSEWHERE, PAGE_RESERVED, PAGE_ANON,
	  FAULT_STACK_GROWTH, FAULT_WRITE },
	{ "stack, not grown", REGION_STACK, 3, 0, 0, ELSEWHERE, PAGE_RESERVED, PAGE_ANON, FAULT_ZERO_FILL,
	  FAULT_WRITE },
};

static void test_causes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
		struct region_attr attr = { .kind = (uint8_t)causes[i].kind,
					    .perms = causes[i].perms,
					    .path = "" };
		struct cause_facts facts = { .region = &attr,
					     .grown = causes[i].grown,
					     .major = causes[i].major,
					     .address = ADDRESS,
					     .ip = causes[i].ip,
					     .was = causes[i].was,
					     .now = causes[i].now };
		struct cause cause = cause_infer(&facts);

		if (cause.cause != causes[i].cause || cause.access != causes[i].access)
			fail_msg("%s: %s %s", causes[i].what, fault_cause_name(cause.cause),
				 fault_access_name(cause.access));
		facts.region = NULL;
		assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	}
}

/* The access that the kernel reported counts; a fork explains a write. */
static void test_reported_causes(void **state)
{
	struct region_attr attr = { .kind = REGION_ANON, .perms = 3, .path = "" };
	struct cause_facts facts = {
		.region = &attr, .address = ADDRESS, .ip = ELSEWHERE, .was = PAGE_ANON, .now = PAGE_ANON
	};

	(void)state;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	facts.forked = true;
	assert_int_equal(cause_infer(&facts).cause, FAULT_COW_FORK);
	assert_int_equal(cause_infer(&facts).access, FAULT_WRITE);
	facts.others = CAUSE_OTHERS_GONE;
	assert_int_equal(cause_infer(&facts).cause, FAULT_REUSE);
	facts.others = CAUSE_OTHERS_UNKNOWN;
	assert_int_equal(cause_infer(&facts).why, FAULT_WHY_FORK);
	facts.forked = false;
	facts.reported.known = facts.reported.present = true;
	facts.reported.access = FAULT_READ;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	assert_int_equal(cause_infer(&facts).access, FAULT_READ);
	facts.reported.access = FAULT_WRITE;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	assert_int_equal(cause_infer(&facts).why, FAULT_WHY_SAME);
	facts.was |= PAGE_SHARED;
	assert_int_equal(cause_infer(&facts).cause, FAULT_COW_FORK);
	assert_true(cause_infer(&facts).deduced);
	facts.reported.present = false;
	attr.kind = REGION_SHM;
	attr.perms = 11;
	facts.was = PAGE_RESERVED;
	facts.now = PAGE_SHM;
	assert_int_equal(cause_infer(&facts).cause, FAULT_SHM);
	assert_int_equal(cause_infer(&facts).access, FAULT_WRITE);
}

/* A page that was not seen before, or after, or both: what follows from the access, from
 * whether the processor found a page, and from what the page's last fault left. */
static const struct {
	const char *what;
	enum region_kind kind;
	int perms;
	bool file;
	uint32_t was, now, last;
	bool reported, present, forked, whole;
	enum fault_access access;
	enum fault_cause cause;
	enum fault_why why;
	bool was_seen; /* and holds */
} deduced[] = {
#define UNSEEN PAGE_UNKNOWN
	{ "fresh, written", REGION_ANON, 3, false, UNSEEN, UNSEEN, UNSEEN, true, false, false, false,
	  FAULT_WRITE, FAULT_ZERO_FILL, 0, false },
	{ "fresh, read", REGION_HEAP, 3, false, UNSEEN, UNSEEN, UNSEEN, true, false, false, false, FAULT_READ,
	  FAULT_ZERO_PAGE, 0, false },
	{ "fresh, access open", REGION_HEAP, 3, false, PAGE_RESERVED, UNSEEN, UNSEEN, false, false, false,
	  false, FAULT_ACCESS_UNKNOWN, FAULT_CAUSE_UNKNOWN, FAULT_WHY_ACCESS, true },
	{ "a constant, gone", REGION_RODATA, 1, true, PAGE_CACHED, UNSEEN, UNSEEN, false, false, false, false,
	  FAULT_READ, FAULT_FILE_CACHED, 0, true },
	{ "file written, gone", REGION_DATA, 3, true, PAGE_CACHED, UNSEEN, UNSEEN, true, false, false, false,
	  FAULT_WRITE, FAULT_COW_FILE, 0, true },
	{ "came along, then written", REGION_DATA, 3, true, PAGE_CACHED, PAGE_COPY, UNSEEN, true, true, false,
	  true, FAULT_WRITE, FAULT_COW_FILE, 0, false },
	{ "the same, forks unseen", REGION_DATA, 3, true, PAGE_CACHED, PAGE_COPY, UNSEEN, true, true, false,
	  false, FAULT_WRITE, FAULT_CAUSE_UNKNOWN, FAULT_WHY_BEFORE, false },
	{ "read, then written", REGION_BSS, 3, false, UNSEEN, UNSEEN, PAGE_ZERO, true, true, false, false,
	  FAULT_WRITE, FAULT_ZERO_REPLACED, 0, false },
	{ "file read, then written", REGION_DATA, 3, true, UNSEEN, UNSEEN, PAGE_FILE, true, true, false,
	  false, FAULT_WRITE, FAULT_COW_FILE, 0, false },
	{ "written, discarded, written", REGION_HEAP, 3, false, UNSEEN, UNSEEN, PAGE_ANON, true, false, false,
	  false, FAULT_WRITE, FAULT_ZERO_FILL, 0, false },
	{ "discarded since the look", REGION_HEAP, 3, false, PAGE_ANON, PAGE_ANON, UNSEEN, true, false, false,
	  false, FAULT_WRITE, FAULT_ZERO_FILL, 0, false },
	{ "in a child", REGION_HEAP, 3, false, PAGE_RESERVED, UNSEEN, UNSEEN, true, true, true, true,
	  FAULT_WRITE, FAULT_COW_FORK, 0, false },
	{ "as it was", REGION_HEAP, 3, false, PAGE_ANON, UNSEEN, UNSEEN, true, true, false, true, FAULT_WRITE,
	  FAULT_CAUSE_UNKNOWN, FAULT_WHY_SAME, true },
	{ "shared memory, gone", REGION_SHM, 11, true, UNSEEN, UNSEEN, UNSEEN, true, false, false, false,
	  FAULT_READ, FAULT_SHM, 0, false },
	{ "shared file, made dirty", REGION_FILE, 11, true, UNSEEN, PAGE_FILE, UNSEEN, true, true, false,
	  false, FAULT_WRITE, FAULT_WRITE_ENABLE, 0, false },
};

static void test_deduced(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof deduced / sizeof deduced[0]; i++) {
		struct region_attr attr = { .kind = (uint8_t)deduced[i].kind,
					    .perms = (uint8_t)deduced[i].perms,
					    .inode = deduced[i].file,
					    .path = "" };
		struct cause_facts facts = { .region = &attr,
					     .address = ADDRESS,
					     .ip = ELSEWHERE,
					     .was = deduced[i].was,
					     .now = deduced[i].now,
					     .last = deduced[i].last,
					     .forked = deduced[i].forked,
					     .whole = deduced[i].whole,
					     .reported.known = deduced[i].reported,
					     .reported.access = deduced[i].access,
					     .reported.present = deduced[i].present };
		struct cause cause = cause_infer(&facts);

		if (cause.cause != deduced[i].cause || cause.why != deduced[i].why ||
		    cause.access != deduced[i].access)
			fail_msg("%s: %s %s: %s", deduced[i].what, fault_cause_name(cause.cause),
				 fault_access_name(cause.access), fault_why_text(cause.why));
		assert_int_equal(cause.deduced, cause.cause != FAULT_CAUSE_UNKNOWN);
		if (page_state(cause.was) !=
		    (deduced[i].was_seen ? page_state(deduced[i].was) : PAGE_UNKNOWN))
			fail_msg("%s: was %s", deduced[i].what, page_state_name(page_state(cause.was)));
	}
}

/* That the page cache held it was seen, or follows from the fact that the thread did not wait for a disk. */
static void test_from_page_cache(void **state)
{
	struct region_attr attr = { .kind = REGION_FILE, .perms = 1, .inode = 1, .path = "" };
	struct cause_facts facts = { .region = &attr, .address = ADDRESS, .ip = ELSEWHERE, .now = PAGE_FILE };
	(void)state;
	facts.was = PAGE_CACHED;
	assert_int_equal(cause_infer(&facts).cause, FAULT_FILE_CACHED);
	assert_false(cause_infer(&facts).deduced);
	facts.was = PAGE_RESERVED;
	assert_int_equal(cause_infer(&facts).cause, FAULT_FILE_CACHED);
	assert_true(cause_infer(&facts).deduced);
	facts.major = true;
	assert_int_equal(cause_infer(&facts).cause, FAULT_FILE_READ);
	assert_false(cause_infer(&facts).deduced);
	/* nobody looked before the fault: whether the page cache held it stays unknown */
	facts.was = page_unasked();
	assert_int_equal(cause_infer(&facts).was, page_unasked());
	attr = (struct region_attr){ .kind = REGION_ANON, .perms = 3, .path = "" };
	facts.now = PAGE_ANON;
	assert_int_equal(cause_infer(&facts).was, PAGE_RESERVED);
}

/* A private mapping of /dev/zero has an inode, and is anonymous memory. */
static void test_dev_zero(void **state)
{
	struct region_attr attr = { .kind = REGION_ANON, .perms = 3, .inode = 5, .path = "/dev/zero" };
	struct cause_facts facts = { .region = &attr,
				     .address = ADDRESS,
				     .ip = ELSEWHERE,
				     .was = page_unasked(),
				     .now = page_unknown(PAGE_WHY_NOT_READ),
				     .decoded = FAULT_WRITE };
	(void)state;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	assert_int_equal(cause_infer(&facts).was, PAGE_RESERVED);
	facts.decoded = FAULT_READ;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_PAGE);
	facts.machine.no_zero_page = true;
	facts.now = PAGE_ANON;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
}

/* Memory that is registered with userfaultfd: the program's handler provides the page, whatever it looks like
 * then. */
static void test_userfault(void **state)
{
	struct region_attr attr = { .kind = REGION_ANON, .perms = 3, .path = "" };
	struct cause_facts facts = { .region = &attr,
				     .address = ADDRESS,
				     .ip = ELSEWHERE,
				     .was = PAGE_RESERVED,
				     .now = PAGE_ANON,
				     .decoded = FAULT_READ,
				     .userfault.modes = REGION_USERFAULT_ANY | REGION_USERFAULT_MISSING };
	(void)state;
	assert_int_equal(cause_infer(&facts).cause, FAULT_USERFAULT);
	assert_int_equal(cause_infer(&facts).access, FAULT_ACCESS_UNKNOWN);
	assert_true(cause_infer(&facts).deduced);
	facts.reported.known = true;
	facts.reported.access = FAULT_READ;
	assert_int_equal(cause_infer(&facts).access, FAULT_READ);
	/* it was there before: nothing is missing */
	facts.was = PAGE_SWAP;
	assert_int_equal(cause_infer(&facts).cause, FAULT_SWAP_IN);
	facts =
	    (struct cause_facts){ .region = &attr, .was = PAGE_ZERO, .now = PAGE_ANON, .userfault.modes = 3 };
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_REPLACED);
	/* only writes go there: to a page that is there */
	facts.userfault.modes = REGION_USERFAULT_ANY | REGION_USERFAULT_WRITE;
	facts.was = PAGE_RESERVED;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	facts.was = PAGE_ANON;
	assert_int_equal(cause_infer(&facts).cause, FAULT_USERFAULT);
	facts.forked = true;
	assert_int_equal(cause_infer(&facts).why, FAULT_WHY_SAME);
	/* nobody could look */
	facts = (struct cause_facts){ .region = &attr, .was = PAGE_RESERVED, .now = PAGE_ANON };
	facts.userfault.unsure = true;
	assert_int_equal(cause_infer(&facts).why, FAULT_WHY_USERFAULT);
	attr.kind = REGION_FILE;
	attr.inode = 1;
	facts.now = PAGE_FILE;
	assert_int_equal(cause_infer(&facts).cause, FAULT_FILE_CACHED);
	/* what the object has goes there, too, if it is asked for */
	attr = (struct region_attr){ .kind = REGION_SHM, .perms = 11, .inode = 1, .path = "" };
	facts = (struct cause_facts){ .region = &attr, .was = PAGE_RESERVED, .now = PAGE_SHM };
	assert_int_equal(cause_infer(&facts).cause, FAULT_SHM);
	facts.userfault.modes = REGION_USERFAULT_ANY | REGION_USERFAULT_MINOR;
	assert_int_equal(cause_infer(&facts).cause, FAULT_USERFAULT);
}

/* What the kernel did not report, and the instruction shows. */
static void test_decoded(void **state)
{
	struct region_attr attr = { .kind = REGION_SHM, .perms = 11, .inode = 1, .path = "" };
	struct cause_facts facts = { .region = &attr,
				     .address = ADDRESS,
				     .ip = ELSEWHERE,
				     .was = PAGE_RESERVED,
				     .now = PAGE_SHM,
				     .decoded = FAULT_WRITE };

	(void)state;
	assert_int_equal(cause_infer(&facts).cause, FAULT_SHM);
	assert_int_equal(cause_infer(&facts).access, FAULT_WRITE);
	facts.decoded = FAULT_READ;
	assert_int_equal(cause_infer(&facts).access, FAULT_READ);
	facts.decoded = FAULT_WRITE;
	attr.perms = 9; /* it cannot have been written */
	assert_int_equal(cause_infer(&facts).access, FAULT_READ);
	/* gone before it was looked at */
	attr = (struct region_attr){ .kind = REGION_HEAP, .perms = 3, .path = "" };
	facts.now = PAGE_UNKNOWN;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	assert_true(cause_infer(&facts).deduced);
	facts.decoded = FAULT_READ;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_PAGE);
	facts.was = PAGE_SWAP;
	assert_int_equal(cause_infer(&facts).access, FAULT_READ);
	/* a page that contradicts it was looked at too late, or was filled by others */
	facts.was = PAGE_RESERVED;
	facts.now = PAGE_ANON;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	facts.replaced = true;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_PAGE);
	facts.decoded = FAULT_ACCESS_UNKNOWN;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	facts.replaced = false;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	facts.now = PAGE_ZERO;
	facts.decoded = FAULT_WRITE;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	assert_int_equal(cause_infer(&facts).access, FAULT_WRITE);
	facts.reported.known = true;
	facts.reported.access = FAULT_WRITE;
	assert_int_equal(cause_infer(&facts).access, FAULT_WRITE);
	/* between two faults it was only inferred to be the zero page: a write proves that wrong */
	facts.reported.known = false;
	facts.between = true;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	assert_true(cause_infer(&facts).deduced);
	assert_int_equal(page_state(cause_infer(&facts).now), PAGE_UNKNOWN);
	/* nothing of the page is known, but what was done */
	facts = (struct cause_facts){ .region = &attr, .address = ADDRESS, .decoded = FAULT_WRITE };
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	assert_int_equal(cause_infer(&facts).access, FAULT_WRITE);
	/* it was there to be read, as far as is known, and was only read */
	facts.was = PAGE_FILE;
	facts.decoded = FAULT_READ;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
}

static void test_between(void **state)
{
	(void)state;
	assert_int_equal(page_state(cause_between(PAGE_RESERVED, PAGE_ANON, false)), PAGE_ZERO);
	assert_int_equal(page_state(cause_between(PAGE_RESERVED, PAGE_ANON, true)), PAGE_UNKNOWN);
	assert_int_equal(page_state(cause_between(PAGE_CACHED, PAGE_COPY, false)), PAGE_FILE);
	assert_int_equal(page_state(cause_between(PAGE_RESERVED, PAGE_FILE, false)), PAGE_UNKNOWN);
	assert_int_equal(page_state(cause_between(PAGE_UNKNOWN, PAGE_ANON, false)), PAGE_UNKNOWN);
}

/* Fatal faults: by the signal, and by what is mapped there. */
static const struct {
	const char *what;
	int signal, code;
	int perms;  /* of the region; -1: there is none */
	bool stack; /* is the next one above */
	bool guard;
	uint64_t ip;
	enum fault_cause cause;
	enum fault_access access;
} fatal[] = {
	{ "marked", SIGSEGV, SEGV_MAPERR, 3, false, true, ELSEWHERE, FAULT_GUARD, 0 },
	{ "fence", SIGSEGV, SEGV_ACCERR, 0, false, false, ELSEWHERE, FAULT_GUARD, 0 },
	{ "fence run into", SIGSEGV, SEGV_ACCERR, 0, false, false, ADDRESS, FAULT_GUARD, FAULT_EXEC },
	{ "constant written", SIGSEGV, SEGV_ACCERR, 1, false, false, ELSEWHERE, FAULT_NO_RIGHT, FAULT_WRITE },
	{ "text written", SIGSEGV, SEGV_ACCERR, 5, false, false, ELSEWHERE, FAULT_NO_RIGHT, FAULT_WRITE },
	{ "data run", SIGSEGV, SEGV_ACCERR, 3, false, false, ADDRESS, FAULT_NO_RIGHT, FAULT_EXEC },
	{ "changed since", SIGSEGV, SEGV_ACCERR, 3, false, false, ELSEWHERE, FAULT_NO_RIGHT, 0 },
	{ "gone since", SIGSEGV, SEGV_ACCERR, -1, false, false, ELSEWHERE, FAULT_NO_RIGHT, 0 },
	{ "key", SIGSEGV, SEGV_PKUERR, 3, false, false, ELSEWHERE, FAULT_NO_RIGHT, 0 },
	{ "nothing", SIGSEGV, SEGV_MAPERR, -1, false, false, ELSEWHERE, FAULT_NO_REGION, 0 },
	{ "nothing, called", SIGSEGV, SEGV_MAPERR, -1, false, false, ADDRESS - 3, FAULT_NO_REGION,
	  FAULT_EXEC },
	{ "came since", SIGSEGV, SEGV_MAPERR, 3, false, false, ELSEWHERE, FAULT_NO_REGION, 0 },
	{ "below the stack", SIGSEGV, SEGV_MAPERR, -1, true, false, ELSEWHERE, FAULT_STACK_END, 0 },
	{ "file ends", SIGBUS, BUS_ADRERR, 3, false, false, ELSEWHERE, FAULT_NO_PAGE, 0 },
	{ "broken memory", SIGBUS, BUS_MCEERR_AR, 3, false, false, ELSEWHERE, FAULT_NO_PAGE, 0 },
};

static void test_fatal(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
		struct region_attr attr = { .kind = REGION_ANON,
					    .perms = (uint8_t)fatal[i].perms,
					    .path = "" };
		struct region_attr above = { .kind = fatal[i].stack ? REGION_STACK : REGION_ANON,
					     .perms = 3,
					     .path = "" };
		struct fatal_facts facts = { .region = fatal[i].perms < 0 ? NULL : &attr,
					     .above = fatal[i].perms < 0 ? &above : NULL,
					     .address = ADDRESS,
					     .ip = fatal[i].ip,
					     .signal = fatal[i].signal,
					     .code = fatal[i].code,
					     .guard = fatal[i].guard };
		struct cause cause = cause_fatal(&facts);

		if (cause.cause != fatal[i].cause || cause.access != fatal[i].access)
			fail_msg("%s: %s %s", fatal[i].what, fault_cause_name(cause.cause),
				 fault_access_name(cause.access));
		assert_true(fault_is_fatal(cause.cause));
		struct event_fault fault = { .cause = cause.cause };
		assert_string_equal(fault_kind_name(&fault), fatal[i].signal == SIGBUS ? "bus" : "segv");
		facts.reported.known = true;
		facts.reported.access = FAULT_READ;
		assert_int_equal(cause_fatal(&facts).access, FAULT_READ);
	}
	assert_false(fault_is_fatal(FAULT_ZERO_FILL) || fault_is_fatal(FAULT_REUSE) ||
		     fault_is_fatal(FAULT_WRITE_ENABLE) || fault_is_fatal(FAULT_CAUSE_UNKNOWN));
}

/* A fault brought its page even if the page has become a guard page since. */
static void test_guarded_since(void **state)
{
	struct region_attr attr = { .kind = REGION_ANON, .perms = 3, .path = "" };
	struct cause_facts facts = {
		.region = &attr, .address = ADDRESS, .ip = ELSEWHERE, .was = PAGE_RESERVED, .now = PAGE_GUARD
	};

	(void)state;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
}

/* A fault leaves a page there: if none is at the next look, it went later, and how it was after the fault was not
 * seen. */
static void test_gone_since(void **state)
{
	static const enum page_state gone[] = { PAGE_RESERVED, PAGE_CACHED, PAGE_SWAP, PAGE_GUARD,
						PAGE_NONE };
	struct region_attr attr = { .kind = REGION_ANON, .perms = 3, .path = "" };
	struct cause_facts facts = {
		.region = &attr, .address = ADDRESS, .ip = ELSEWHERE, .decoded = FAULT_WRITE
	};

	(void)state;
	for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
		facts.now = gone[i];
		facts.was = PAGE_ANON; /* it looks the same to an ordinary user, copied or not */
		assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
		assert_int_equal(page_state(cause_infer(&facts).now), PAGE_UNKNOWN);
		facts.was = PAGE_RESERVED;
		assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
		assert_true(cause_infer(&facts).deduced);
		assert_int_equal(page_state(cause_infer(&facts).now), PAGE_UNKNOWN);
	}
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(fault_cause_name(FAULT_CAUSE_UNKNOWN), "unknown");
	for (int i = FAULT_ZERO_FILL; i < FAULT_CAUSES; i++)
		for (int k = FAULT_CAUSE_UNKNOWN; k < i; k++)
			assert_string_not_equal(fault_cause_name((enum fault_cause)i),
						fault_cause_name((enum fault_cause)k));
	assert_string_equal(fault_access_name(FAULT_EXEC), "exec");
	assert_string_equal(fault_access_name(FAULT_ACCESS_UNKNOWN), "");
}

/* A read leaves the zero page: if the page was filled, something else filled it. */
static void test_filled_though_read(void **state)
{
	static const struct region_attr heap = { .kind = REGION_HEAP, .perms = 3 };
	struct cause_facts facts = { .region = &heap,
				     .address = ADDRESS,
				     .ip = ELSEWHERE,
				     .was = PAGE_RESERVED,
				     .now = PAGE_ANON,
				     .last = UNSEEN,
				     .reported.known = true,
				     .reported.access = FAULT_READ };
	struct cause cause = cause_infer(&facts);
	assert_int_equal(cause.cause, FAULT_CAUSE_UNKNOWN);
	assert_int_equal(cause.why, FAULT_WHY_USERFAULT);
	facts.reported.access = FAULT_WRITE;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	facts.reported.known = false;
	facts.decoded = FAULT_READ;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	facts.decoded = FAULT_WRITE;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
}

/* Private memory waits for no other disk than swap. */
static void test_waited(void **state)
{
	static const struct region_attr heap = { .kind = REGION_HEAP, .perms = 3 };
	struct cause_facts facts = { .region = &heap,
				     .address = ADDRESS,
				     .ip = ELSEWHERE,
				     .major = true,
				     .was = UNSEEN,
				     .now = PAGE_ANON,
				     .last = UNSEEN };
	assert_int_equal(cause_infer(&facts).cause, FAULT_SWAP_IN);
	facts.now = UNSEEN;
	assert_int_equal(cause_infer(&facts).cause, FAULT_SWAP_IN);
	assert_true(cause_infer(&facts).deduced);
	facts.major = false;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
}

/* Where the process gives up pages, what looks the same before and after may have gone in between. */
static void test_discards(void **state)
{
	struct region_attr attr = { .kind = REGION_ANON, .perms = 3, .path = "" };
	struct cause_facts facts = { .region = &attr,
				     .address = ADDRESS,
				     .ip = ELSEWHERE,
				     .was = PAGE_ANON,
				     .now = PAGE_ANON,
				     .forked = true,
				     .decoded = FAULT_WRITE };

	(void)state;
	assert_int_equal(cause_infer(&facts).cause, FAULT_COW_FORK);
	facts.discards = true;
	assert_int_equal(cause_infer(&facts).why, FAULT_WHY_SAME);
	facts.reported = (struct cause_reported){ true, FAULT_WRITE, true };
	assert_int_equal(cause_infer(&facts).cause, FAULT_COW_FORK);
	facts = (struct cause_facts){ .region = &attr,
				      .address = ADDRESS,
				      .ip = ELSEWHERE,
				      .was = PAGE_FILE,
				      .now = PAGE_FILE,
				      .decoded = FAULT_WRITE };
	attr = (struct region_attr){ .kind = REGION_FILE, .perms = 11, .inode = 7, .path = "a" };
	assert_int_equal(cause_infer(&facts).cause, FAULT_WRITE_ENABLE);
	facts.discards = true;
	assert_int_equal(cause_infer(&facts).why, FAULT_WHY_SAME);
	facts.was = PAGE_RESERVED; /* MAP_POPULATE brings pages without a fault */
	facts.now = PAGE_UNKNOWN;
	assert_int_equal(cause_infer(&facts).why, FAULT_WHY_BEFORE);
	facts.decoded = FAULT_READ;
	assert_int_equal(cause_infer(&facts).cause, FAULT_FILE_CACHED);
}

/* What mremap brought: what was there before is not known, unless the processor reports it. */
static void test_moved(void **state)
{
	static const struct region_attr heap = { .kind = REGION_HEAP, .perms = 3 };
	struct cause_facts facts = { .region = &heap,
				     .address = ADDRESS,
				     .ip = ELSEWHERE,
				     .was = PAGE_NONE,
				     .now = PAGE_ANON,
				     .last = UNSEEN,
				     .moved = CAUSE_MOVED,
				     .whole = true,
				     .decoded = FAULT_WRITE };
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	facts.moved = CAUSE_MOVED_ABSENT;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	assert_true(cause_infer(&facts).deduced);
	facts.moved = CAUSE_MOVED;
	facts.reported.known = true;
	facts.reported.access = FAULT_WRITE;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	facts.reported.present = true;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_REPLACED);
	facts.forked = true;
	facts.others = CAUSE_OTHERS_UNKNOWN;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_causes),        cmocka_unit_test(test_reported_causes),
		cmocka_unit_test(test_discards),      cmocka_unit_test(test_deduced),
		cmocka_unit_test(test_dev_zero),      cmocka_unit_test(test_from_page_cache),
		cmocka_unit_test(test_userfault),     cmocka_unit_test(test_decoded),
		cmocka_unit_test(test_between),       cmocka_unit_test(test_fatal),
		cmocka_unit_test(test_guarded_since), cmocka_unit_test(test_gone_since),
		cmocka_unit_test(test_names),         cmocka_unit_test(test_filled_though_read),
		cmocka_unit_test(test_waited),        cmocka_unit_test(test_moved),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
