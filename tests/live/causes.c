/* Why each fault happened, and what came with it. The target is this program itself, run as
 * causes touch CASE FILE (cause_cases.h). */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "event/page.h"
#include "live/cause_cases.h"
#include "live/family.h"
#include "live/watching.h"

#define PAGE ((size_t)4096)
#define CURSORS 16
#define OPEN_PART 5 /* at least four of five answers are known, */
#define RUNS_MAX 30 /* in one of so many runs */
#define PATIENCE_NS (5 * CLOCK_SECOND)

static char program[4096], folder[4096];
static bool unreported; /* as for an ordinary user, the processor's codes are not taken */
static bool hard;       /* no answer is expected, but a wrong one is still wrong */
static struct event *seen;
static size_t seen_count, seen_cap;
static struct sink *behind;
static uint64_t asked_address; /* 0: the target waits for nothing */
static char asked_state[16];
static uint64_t asked_ns;

static void keep(struct sink *sink, const struct event *e)
{
	if (e->type == EVENT_FAULT) {
		mem_grow(seen, seen_cap, seen_count + 1);
		seen[seen_count++] = *e;
	}
	if (e->type == EVENT_OUTPUT) {
		const char *line = memmem(e->output.bytes, e->output.len, "until 0x", 8);

		assert_true(!line ||
			    sscanf(line, "until 0x%" SCNx64 " %15[a-z]", &asked_address, asked_state) == 2);
		asked_ns = clock_now_ns();
	}
	sink_send(behind, e);
}

/* Lets the target continue once what it waits for has been seen. */
static void answer(struct watching *w)
{
	struct err err;
	if (!asked_address)
		return;
	uint32_t word = runs_at(w->process->space->pages, asked_address / PAGE).value;
	bool so = !strcmp(page_state_name(page_state(word)), asked_state);
	struct control_arg line = { .bytes = so ? "y\n" : "n\n", .len = 2 };
	if (!so && clock_now_ns() - asked_ns < PATIENCE_NS)
		return;
	asked_address = 0;
	assert_int_equal(w->source->ops->control(w->source, w->pid, CONTROL_SEND, &line, &err), 0);
}

static struct watching watch_family(struct live_options *options, const char *const argv[])
{
	struct err err = { 0 };
	struct watching w = { .world = world_create() };

	w.source = family_launch((char *const *)(uintptr_t)argv, 24, 80, options, w.world, &w.pid, &err);
	if (!w.source || w.source->ops->sweep(w.source, &w.world->sink, &err) != 0)
		fail_msg("%s", err.text);
	w.process = world_find(w.world, w.pid);
	return w;
}

static void watch(const char *name, const char *path)
{
	const char *const argv[] = { program, "touch", name, path, NULL };
	struct live_options options;
	struct sink sink = { .take = keep };

	live_options_init(&options);
	options.faults = true;
	options.stacks = !strcmp(name, "made_code"); /* with the registers */
	options.reader.off[SOURCE_ACCESS] = unreported;
	seen_count = 0;
	bool family = !strcmp(name, "discarded_by_child") || !strcmp(name, "moved_forked") ||
		      !strcmp(name, "family") || !strcmp(name, "fork") || !strcmp(name, "one_memory") ||
		      !strcmp(name, "mapped_over");
	struct watching w = family ? watch_family(&options, argv) : watch_begin(&options, argv, 0);
	if (!w.process->sources[SOURCE_FAULTS].ok) {
		printf("# SKIP %s\n", w.process->sources[SOURCE_FAULTS].why);
		watch_control(&w, CONTROL_END);
		watch_end(&w);
		exit(77);
	}
	behind = &w.world->sink;
	for (uint64_t until = clock_now_ns() + DEADLINE_NS; process_alive(w.process);) {
		assert_true(clock_now_ns() < until);
		watch_step_to(&w, &sink);
		answer(&w);
	}
	assert_int_equal(w.process->status_code, 0);
	assert_int_equal(w.process->course.lost, 0);
	watch_end(&w);
}

/* All that was seen of the page, where an answer is wrong. */
static void show_page(const char *name, uint64_t page)
{
	print_error("%s%s, page %" PRIx64 ":\n", name, unreported ? ", codes not taken" : "", page);
	for (size_t i = 0; i < seen_count; i++) {
		const struct event_fault *f = &seen[i].fault;

		if (f->address / PAGE != page)
			continue;
		print_error("%" PRIu64 " ns, thread %d, %" PRIx64 ": %s %s, %s -> %s%s%s%s%s\n",
			    seen[i].time_ns, f->tid, f->address, fault_cause_name(f->cause),
			    fault_access_name(f->access), page_state_name(page_state(f->was)),
			    page_state_name(page_state(f->now)), f->inferred ? ", inferred" : "",
			    f->deduced ? ", deduced" : "", f->why ? ": " : "",
			    f->why ? fault_why_text(f->why) : "");
	}
}

static bool same(const char *want, const char *got)
{
	return !strcmp(want, "-") || !strcmp(want, got);
}

/* Finds the line's fault, from `from` on; returns its index. That it is not known whether others held the
 * page is no wrong answer, but must be rare: *open counts them. */
static size_t find_seen(const char *name, const char *line, size_t from, size_t *open)
{
	int tid, before, after, huge;
	unsigned long address;
	char cause[32], access[32], want[3][16];

	if (sscanf(line, "%d 0x%lx %31s %31s %15s %15s %15s", &tid, &address, cause, access, want[0], want[1],
		   want[2]) != 7)
		fail_msg("what is this: %s", line);
	while (from < seen_count && (seen[from].fault.tid != tid || seen[from].fault.address != address))
		from++;
	if (from == seen_count) {
		show_page(name, address / PAGE);
		fail_msg("not reported, or not in order: %s", line);
	}
	const struct event_fault *f = &seen[from].fault;
	const char *got_access = *fault_access_name(f->access) ? fault_access_name(f->access) : "-";
	char got[3][16];
	before = f->before, after = f->after, huge = !!(f->now & PAGE_HUGE);
	snprintf(got[0], 16, "%d", before);
	snprintf(got[1], 16, "%d", after);
	snprintf(got[2], 16, "%d", huge);
	bool unknown =
	    f->cause == FAULT_CAUSE_UNKNOWN &&
	    (f->why == FAULT_WHY_FORK || f->why == FAULT_WHY_USERFAULT || hard ||
	     (f->inferred && !unreported && geteuid() == 0)); /* codes are not taken where faults are many */
	/* the page does not show what a handler was asked for: only the processor reports it */
	if ((f->cause == FAULT_USERFAULT || f->why == FAULT_WHY_USERFAULT) && !*fault_access_name(f->access))
		strcpy(access, "-");
	*open += unknown;
	/* gone, and the processor does not report it: that the page was not there before cannot be known */
	if (f->cause == FAULT_CAUSE_UNKNOWN && f->why == FAULT_WHY_BEFORE && f->inferred &&
	    !strcmp(want[0], "-"))
		unknown = true;
	/* only smaps shows it, which may not be read each time, or the memory is gone */
	if (f->cause == FAULT_CAUSE_UNKNOWN && f->why == FAULT_WHY_GROWTH && f->inferred)
		unknown = true;
	/* "~": what shows in frames only, where these were read in time; else it is deduced, and says so */
	char *hidden = strchr(cause, '~');
	bool deduced = hidden && f->deduced && (f->cause == FAULT_COW_FORK || f->cause == FAULT_REUSE);
	if (hidden)
		*hidden = '\0';
	if (deduced)
		strcpy(cause, fault_cause_name(f->cause));
	if ((!unknown && strcmp(cause, fault_cause_name(f->cause)) != 0) || !same(access, got_access) ||
	    !same(want[0], got[0]) || !same(want[1], got[1]) || !same(want[2], got[2])) {
		show_page(name, address / PAGE);
		fail_msg("wrong: %sseen: %s %s %d %d %d", line, fault_cause_name(f->cause), got_access,
			 before, after, huge);
	}
	return from;
}

/* One run: every answer is right. Returns whether enough of them are known. */
static bool check_once(const char *name)
{
	char path[5000], line[512];
	struct {
		int32_t tid;
		size_t at;
	} cursors[CURSORS] = { 0 };
	size_t lines = 0, open = 0;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	watch(name, path);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	for (; fgets(line, sizeof line, file); lines++) {
		size_t i = 0;
		while (cursors[i].tid && cursors[i].tid != atoi(line))
			assert_true(++i < CURSORS);
		cursors[i].tid = atoi(line);
		cursors[i].at = find_seen(name, line, cursors[i].at, &open) + 1;
	}
	assert_true(lines > 0);
	fclose(file);
	unlink(path);
	strcat(path, ".data");
	unlink(path);
	return hard || open * OPEN_PART <= lines;
}

/* On a busy machine we look too late for many answers to be known, but not in all runs. */
static void check_case(const char *name)
{
	for (unsigned i = 0; i < RUNS_MAX; i++)
		if (check_once(name))
			return;
	fail_msg("%s: too little is known in each of %d runs", name, RUNS_MAX);
}

static void test_fork(void **state)
{
	check_case("fork");
}
static void test_neighbours(void **state)
{
	check_case("neighbours");
}
static void test_code(void **state)
{
	check_case("code");
}
static void test_disk(void **state)
{
	check_case("disk");
}
static void test_stack(void **state)
{
	check_case("stack");
}
static void test_growing(void **state)
{
	check_case("growing");
	hard = unreported = true; /* whether it grows may not be read each time */
	check_case("growing");
	hard = unreported = false;
}
static void test_shared(void **state)
{
	check_case("shared");
}
static void test_zero(void **state)
{
	check_case("zero");
}
static void test_threads(void **state)
{
	check_case("threads");
}

static void test_gone(void **state)
{
	check_case("gone");
}

static void test_dev_zero(void **state)
{
	check_case("dev_zero");
	unreported = true;
	check_case("dev_zero");
	unreported = false;
}

static void test_moved(void **state)
{
	hard = geteuid() != 0; /* records are lost to smaller rings, and then nothing is deduced */
	check_case("moved");
	unreported = true;
	check_case("moved");
	unreported = hard = false;
}

static void test_special(void **state)
{
	check_case("special");
	unreported = true;
	check_case("special");
	unreported = false;
}

/* What it did shows only as long as the code is there. */
static void test_made_code(void **state)
{
	check_case("made_code");
	unreported = true;
	check_case("made_code");
	unreported = false;
}

static void test_moved_with_pages(void **state)
{
	hard = true;
	for (int i = 0; i < 6; i++) {
		unreported = i % 2;
		check_case("moved_with_pages");
	}
	unreported = hard = false;
}

static void test_moved_file(void **state)
{
	hard = true;
	for (int i = 0; i < 6; i++) {
		unreported = i % 2;
		check_case("moved_file");
	}
	unreported = hard = false;
}

/* What came without a fault is known only by the processor's code; the rest as an ordinary user, too, or not at all. */
static void test_again(void **state)
{
	static const struct {
		const char *name;
		bool only_reported;
	} again[] = {
		{ "discarded", false },   { "discarded_file", false }, { "truncated", false },
		{ "moved_over", false },  { "moved_back", false },     { "moved_leaving", false },
		{ "moved_forked", true }, { "around", false },         { "discarded_by_child", false },
		{ "synced", false },      { "populated", true },
	};

	for (size_t i = 0; i < sizeof again / sizeof again[0]; i++) {
		if (geteuid() == 0)
			check_case(again[i].name);
		hard = unreported = true;
		if (!again[i].only_reported)
			check_case(again[i].name);
		hard = unreported = false;
	}
}

static void test_end(void **state)
{
	for (int i = 0; i < 5; i++)
		check_case("end");
}

static void test_userfault(void **state)
{
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (fd < 0) {
		print_message("# SKIP no userfaultfd here: %s\n", strerror(errno));
		return;
	}
	close(fd);
	check_case("userfault");
	hard = geteuid() ==
	       0; /* only how long a fault took shows it, and that comes with the processor's code */
	for (int i = 0; hard && i < 4; i++)
		check_case("userfault_changes");
	hard = false;
}

static void test_family(void **state)
{
	if (geteuid() != 0)
		skip();
	check_case("family");
}

static void test_one_memory(void **state)
{
	hard = geteuid() != 0;
	check_case("one_memory");
	unreported = hard = true;
	check_case("one_memory");
	unreported = hard = false;
}

static void test_mapped_over(void **state)
{
	hard = geteuid() != 0;
	check_case("mapped_over");
	unreported = hard = true;
	check_case("mapped_over");
	unreported = hard = false;
}

static void test_huge(void **state)
{
	char line[64] = "";
	FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "r");

	if (file && fgets(line, sizeof line, file) && !strstr(line, "[never]"))
		check_case("huge");
	else
		print_message("# SKIP no transparent huge pages here\n");
	if (file)
		fclose(file);
}

/* With a swap file of its own. */
static void test_swapped(void **state)
{
	char path[4096 + 16], command[3 * sizeof path];

	snprintf(path, sizeof path, "%s/swap", folder);
	snprintf(command, sizeof command,
		 "umask 077 && dd if=/dev/zero of='%s' bs=1M count=16 status=none && mkswap -q '%s' "
		 ">/dev/null 2>&1",
		 path, path);
	if (system(command) != 0 || swapon(path, 0) != 0) {
		print_message("# SKIP no swap file can be used here: %s\n", strerror(errno));
		unlink(path);
		return;
	}
	check_case("swapped");
}

/* However the test ended. */
static int end_swap(void **state)
{
	char path[4096 + 16];

	snprintf(path, sizeof path, "%s/swap", folder);
	swapoff(path);
	unlink(path);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "touch"))
		cause_case_run(argv[2], argv[3]);
	if (!watch_place(argv[0], program, folder))
		return 99;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fork),        cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_code),        cmocka_unit_test(test_disk),
		cmocka_unit_test(test_huge),        cmocka_unit_test(test_stack),
		cmocka_unit_test(test_growing),     cmocka_unit_test(test_shared),
		cmocka_unit_test(test_zero),        cmocka_unit_test(test_threads),
		cmocka_unit_test(test_family),      cmocka_unit_test(test_one_memory),
		cmocka_unit_test(test_mapped_over), cmocka_unit_test(test_userfault),
		cmocka_unit_test(test_gone),        cmocka_unit_test(test_dev_zero),
		cmocka_unit_test(test_special),     cmocka_unit_test(test_made_code),
		cmocka_unit_test(test_moved),       cmocka_unit_test(test_moved_with_pages),
		cmocka_unit_test(test_moved_file),  cmocka_unit_test(test_again),
		cmocka_unit_test(test_end),         cmocka_unit_test_teardown(test_swapped, end_swap),
	};
	int result = cmocka_run_group_tests(tests, NULL, NULL);

	free(seen);
	rmdir(folder);
	return result;
}
