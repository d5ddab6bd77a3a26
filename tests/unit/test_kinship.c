/* Whether a program gives up pages of memory that stays mapped: what went with its region, unmapped between the
 * readings of maps and of pages, does not count. */
#include "live/kinship.h"

#include <string.h>
#include <sys/mman.h>

#include "unit/model_check.h"
#include "unit/reader_check.h"

#define PAGES 8

struct scene {
	struct world *world;
	struct watch watch;
	struct reader *reader;
	struct fault_balance balance;
	struct fault_intake intake;
	struct kinship kinship;
	char *memory;
	uint64_t first; /* its page number */
};

static void send(struct scene *s, struct event *e)
{
	e->pid = getpid();
	kinship_note(&s->kinship, e, world_find(s->world, e->pid));
	world_apply(s->world, e);
	kinship_noted(&s->kinship, e, world_find(s->world, e->pid));
}

static void send_pages(struct scene *s, uint64_t first, uint64_t end, uint32_t word)
{
	struct run tile = { first, end, word };
	struct event e = { .type = EVENT_PAGES, .pages = { .tiles = &tile, .n = 1 } };

	send(s, &e);
}

/* The model and the process have the memory, all written. */
static void begin(struct scene *s)
{
	const struct reader_options options = { 0 };
	const struct faults_options faults = { 0 };
	struct event e = { .type = EVENT_MAP, .region.id = 1 };

	*s = (struct scene){ .world = world_create(), .reader = open_reader(getpid(), &options) };
	check_process(s->world, getpid());
	s->watch = (struct watch){ .world = s->world, .pid = getpid(), .began_ns = 1 };
	s->memory =
	    mmap(NULL, PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(s->memory != MAP_FAILED);
	memset(s->memory, 1, PAGES * PAGE_BYTES);
	s->first = (uintptr_t)s->memory >> PAGE_SHIFT;
	fault_intake_init(&s->intake, &s->balance);
	fault_intake_open(&s->intake, &s->watch, &faults);
	kinship_init(&s->kinship, &s->watch, s->reader, &s->intake);
	e.region.attr = check_anon(s->first, s->first + PAGES);
	send(s, &e);
	send_pages(s, s->first, s->first + PAGES, PAGE_ANON);
}

static void end(struct scene *s)
{
	kinship_fini(&s->kinship);
	fault_intake_fini(&s->intake);
	reader_close(s->reader);
	world_destroy(s->world);
}

static void test_still_mapped(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	bool rings = fault_intake_rings(&s.intake);
	assert_false(kinship_discards(&s.kinship));
	assert_false(reader_is_unmapped(s.reader, s.first, s.first + PAGES));
	madvise(s.memory, 2 * PAGE_BYTES, MADV_DONTNEED);
	send_pages(&s, s.first, s.first + 2, PAGE_RESERVED);
	assert_true(!rings || kinship_discards(&s.kinship));
	munmap(s.memory, PAGES * PAGE_BYTES);
	end(&s);
	if (!rings)
		skip(); /* page faults are not reported here */
}

static void test_unmapped_meanwhile(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	munmap(s.memory + 2 * PAGE_BYTES, 2 * PAGE_BYTES);
	bool asked = reader_is_unmapped(s.reader, s.first + 2, s.first + 4);
	bool around = reader_is_unmapped(s.reader, s.first + 1, s.first + 4) ||
		      reader_is_unmapped(s.reader, s.first + 2, s.first + 5);
	send_pages(&s, s.first + 2, s.first + 4, PAGE_RESERVED);
	bool discards = kinship_discards(&s.kinship);
	munmap(s.memory, PAGES * PAGE_BYTES);
	end(&s);
	assert_false(around);
	if (!asked)
		skip(); /* before Linux 6.11 */
	assert_false(discards);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_still_mapped),
		cmocka_unit_test(test_unmapped_meanwhile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
