/* What a parent and its child hold together, against what they did and against the kernel's own PSS. The parent
 * has 20 pages of a shared memfd and its own copies of 30 pages of another; the child touches 12 of the 20 and
 * writes 10 of the 30. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compare/sharing.h"
#include "live/family.h"

#include "live/watching.h"

#define SHARED 20
#define TOUCHED 12
#define PRIVATE 30
#define WRITTEN 10

static volatile char *map_memfd(const char *name, int pages, int flags)
{
	int fd = memfd_create(name, MFD_CLOEXEC);
	char *at;

	if (fd < 0 || ftruncate(fd, pages * 4096) != 0)
		_exit(99);
	at = mmap(NULL, (size_t)pages * 4096, PROT_READ | PROT_WRITE, flags, fd, 0);
	close(fd);
	return at;
}

static void write_pages(volatile char *at, int pages)
{
	for (int i = 0; i < pages; i++)
		at[i * 4096] = 1;
}

/* Prints the child's pid once both are done. */
static void play(int said)
{
	volatile char *shared = map_memfd("psc-shared", SHARED, MAP_SHARED),
		      *private = map_memfd("psc-private", PRIVATE, MAP_PRIVATE);
	pid_t child;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	write_pages(shared, SHARED);
	write_pages(private, PRIVATE);
	child = fork();
	if (child == 0) {
		pid_t self = getpid();

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		write_pages(shared, TOUCHED);
		write_pages(private, WRITTEN);
		if (write(said, &self, sizeof self) != sizeof self)
			_exit(98);
	}
	for (;;)
		pause();
}

/* The sum of Pss of a region, in KiB, as the kernel has it. */
static long pss_of(pid_t pid, const char *name)
{
	char path[64], line[512], perms[5];
	bool in = false;
	long pss = -1, kib;
	FILE *smaps;

	snprintf(path, sizeof path, "/proc/%d/smaps", (int)pid);
	smaps = fopen(path, "re");
	while (smaps && fgets(line, sizeof line, smaps)) {
		if (sscanf(line, "%*x-%*x %4s", perms) == 1)
			in = strstr(line, name) != NULL;
		if (in && sscanf(line, "Pss: %ld kB", &kib) == 1)
			pss = kib;
	}
	if (smaps)
		fclose(smaps);
	return pss;
}

/* The row of a memfd's pages, or of copies of them. */
static struct sharing_row row_of(const struct sharing *s, const char *name, bool copies, uint64_t holders)
{
	for (size_t i = 0; i < s->rows_count; i++) {
		const struct sharing_object *o = &s->objects[s->rows[i].object];

		if (strstr(o->path, name) && o->copies == copies && s->rows[i].holders == holders)
			return s->rows[i];
	}
	return (struct sharing_row){ 0 };
}

/* A region of a page-sized part rounds its Pss down to KiB: less than one KiB a process. */
static void check_pss(const pid_t pids[2], const char *name, uint64_t once)
{
	long sum = pss_of(pids[0], name) + pss_of(pids[1], name);

	if (sum > (long)once * 4 || sum < (long)once * 4 - 2)
		fail_msg("%s: %llu pages counted once, but Pss is %ld KiB", name, (unsigned long long)once,
			 sum);
}

static void check(const struct sharing *s, const pid_t pids[2])
{
	uint64_t both = row_of(s, "psc-shared", false, 3).once,
		 parent = row_of(s, "psc-shared", false, 1).once;

	assert_int_equal(both, TOUCHED);
	assert_int_equal(parent, SHARED - TOUCHED);
	assert_int_equal(row_of(s, "psc-shared", false, 2).once, 0);
	check_pss(pids, "psc-shared", both + parent);
	if (!s->by_frame) { /* who has what since the fork is not known, only how much it may be */
		assert_int_equal(row_of(s, "psc-private", true, 3).once, 0);
		assert_int_equal(row_of(s, "psc-private", true, 1).once, PRIVATE);
		assert_true(s->perhaps >= 2 * (PRIVATE - WRITTEN));
		return;
	}
	assert_int_equal(row_of(s, "psc-private", true, 3).once, PRIVATE - WRITTEN);
	assert_int_equal(row_of(s, "psc-private", true, 1).once, WRITTEN);
	assert_int_equal(row_of(s, "psc-private", true, 2).once, WRITTEN);
	check_pss(pids, "psc-private", PRIVATE + WRITTEN);
}

/* `off`: without frame numbers. */
static void look(const pid_t pids[2], bool off)
{
	struct live_options o;
	struct world *world = world_create();
	struct err err = { 0 }, why = { 0 };
	struct family_choice choice = { .pids = pids, .count = 2 };
	struct sharing s;
	int32_t first;

	live_options_init(&o);
	o.reader.flags = true;
	o.reader.off[SOURCE_FRAMES] = off;
	struct source *source = family_attach_all(&choice, &first, &o, world, &err);
	if (!source || source->ops->sweep(source, &world->sink, &err) != 0)
		fail_msg("%s", err.text);
	sharing_take(&s, world, source, 0, &why);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.by_frame, geteuid() == 0 && !off);
	assert_true(s.by_frame || *why.text);
	check(&s, pids);
	/* what each has adds up: nothing is counted more than once, or left out */
	uint64_t held = 0, once = 0, resident = 0;
	for (size_t i = 0; i < s.rows_count; i++) {
		once += s.rows[i].once;
		held += s.rows[i].held[0] + s.rows[i].held[1];
	}
	for (size_t i = 0; i < 2; i++) {
		uint64_t counts[PAGE_STATES] = { 0 };
		space_add_counts(world->processes[i]->space, counts);
		resident += page_resident(counts);
	}
	assert_int_equal(once, s.once);
	assert_int_equal(held, s.resident);
	assert_int_equal(s.resident + s.unread, resident);
	sharing_fini(&s);
	source->ops->destroy(source);
	world_destroy(world);
}

static void test_parent_and_child(void **state)
{
	pid_t pids[2];
	int said[2];

	if (pipe(said) != 0)
		fail_msg("pipe");
	pids[0] = fork();
	if (pids[0] == 0)
		play(said[1]);
	if (read(said[0], &pids[1], sizeof pids[1]) != sizeof pids[1])
		fail_msg("the target says nothing");
	look(pids, false);
	look(pids, true);
	kill(pids[0], SIGKILL);
	waitpid(pids[0], NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_parent_and_child) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
