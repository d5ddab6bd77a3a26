/* Fault records from the bytes of a ring; causes from what was there before and after. */
#include <linux/perf_event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "kern/perf/faultring.h"
#include "kern/perf/kin.h"
#include "model/cause.h"
#include "event/page.h"
#include "unit/check.h"

#define RING 512

static void put(uint8_t *ring, uint64_t *head, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ring[(*head)++ % RING] = ((const uint8_t *)bytes)[i];
}

static void put_sample(uint8_t *ring, uint64_t *head, uint64_t address)
{
	struct perf_event_header header = { .type = PERF_RECORD_SAMPLE, .size = 48 };
	uint64_t words[] = { 0x35, 0x55d2c0a4f1c2, (uint64_t)4243 << 32 | 4242, 1204331876, address };

	put(ring, head, &header, sizeof header);
	put(ring, head, words, sizeof words);
}

static void put_lost(uint8_t *ring, uint64_t *head, uint64_t count)
{
	struct perf_event_header header = { .type = PERF_RECORD_LOST, .size = 24 };
	uint64_t words[] = { 0x35, count };

	put(ring, head, &header, sizeof header);
	put(ring, head, words, sizeof words);
}

static void test_records(void **state)
{
	struct fault_batch batch = { 0 };
	uint8_t ring[RING] = { 0 };
	uint64_t head = 0;
	struct perf_event_header exit_record = { .type = PERF_RECORD_EXIT, .size = 16 };

	(void)state;
	put_sample(ring, &head, 0x7f1200003010);
	put(ring, &head, &exit_record, sizeof exit_record);
	put(ring, &head, &exit_record, sizeof exit_record);
	put_lost(ring, &head, 7);
	put_sample(ring, &head, 0x7f1200004020);
	faultring_take_all(&(struct faultring){ ring, RING, 0, head }, &batch);
	assert_int_equal(batch.count, 2);
	assert_int_equal(batch.lost, 7);
	assert_int_equal(batch.records[0].address, 0x7f1200003010);
	assert_int_equal(batch.records[0].ip, 0x55d2c0a4f1c2);
	assert_int_equal(batch.records[0].pid, 4242);
	assert_int_equal(batch.records[0].tid, 4243);
	assert_int_equal(batch.records[0].time_ns, 1204331876);
	assert_int_equal(batch.records[0].id, 0x35);
	assert_int_equal(batch.records[1].address, 0x7f1200004020);
	fault_batch_fini(&batch);
}

/* Wherever a record begins: across the end of the ring, and where positions overflow. */
static void test_wrapped_records(void **state)
{
	(void)state;
	for (uint64_t start = 0; start < 2 * RING; start += 8) {
		struct fault_batch batch = { 0 };
		uint8_t ring[RING];
		uint64_t from = start - RING, head = from; /* the first ones are near 2^64 */

		memset(ring, 0xee, sizeof ring);
		for (int i = 0; i < 5; i++)
			put_sample(ring, &head, 0x1000 + (uint64_t)i);
		faultring_take_all(&(struct faultring){ ring, RING, from, head }, &batch);
		assert_int_equal(batch.count, 5);
		assert_int_equal(batch.lost, 0);
		for (int i = 0; i < 5; i++)
			assert_int_equal(batch.records[i].address, 0x1000 + i);
		fault_batch_fini(&batch);
	}
}

static void test_broken_records(void **state)
{
	struct fault_batch batch = { 0 };
	uint8_t ring[RING] = { 0 };
	uint64_t head = 0;
	struct perf_event_header empty = { .type = PERF_RECORD_SAMPLE, .size = 0 };

	(void)state;
	put_sample(ring, &head, 0x1000);
	faultring_take_all(&(struct faultring){ ring, RING, 0, head - 8 }, &batch); /* cut off */
	assert_int_equal(batch.count, 0);
	assert_int_equal(batch.lost, 1);
	faultring_take_all(&(struct faultring){ ring, RING, 0, 4 }, &batch); /* not even a header */
	assert_int_equal(batch.lost, 2);
	faultring_take_all(&(struct faultring){ ring, RING, 0, RING + 8 },
			   &batch); /* more than there is room for */
	assert_int_equal(batch.lost, 3);
	put(ring, &head, &empty, sizeof empty);
	faultring_take_all(&(struct faultring){ ring, RING, 0, head }, &batch);
	assert_int_equal(batch.count, 1);
	assert_int_equal(batch.lost, 4);
	fault_batch_fini(&batch);
}

static void put_mapping(uint8_t *ring, uint64_t *head, const char *path, uint64_t length)
{
	char name[32] = "";
	struct perf_event_header header = { .type = PERF_RECORD_MMAP2, .size = 72 + sizeof name + 24 };
	uint64_t words[] = { (uint64_t)4243 << 32 | 4242, 0x7f1200c1f000, length, 0x2000,
			     (uint64_t)1 << 32 | 0xfe,    332399,         7,      (uint64_t)2 << 32 | 5 };
	uint64_t id[] = { (uint64_t)4243 << 32 | 4242, 1204331900, 0x35 };

	strcpy(name, path);
	put(ring, head, &header, sizeof header);
	put(ring, head, words, sizeof words);
	put(ring, head, name, sizeof name);
	put(ring, head, id, sizeof id);
}

/* What was mapped between faults, with its time; nonsense is left out. */
static void test_mappings(void **state)
{
	struct fault_batch batch = { 0 };
	uint8_t ring[RING] = { 0 };
	uint64_t head = 0;

	(void)state;
	put_sample(ring, &head, 0x1000);
	put_mapping(ring, &head, "/usr/lib/libc.so.6", 0x3000);
	struct faultring records = { ring, RING, 0, head };
	faultring_take_all(&records, &batch);
	put_mapping(ring, &head, "//anon", 0x1000); /* reaches around the ring's end */
	records.head = head;
	faultring_take_all(&records, &batch);
	put_mapping(ring, &head, "/x", 0);
	records.head = head;
	faultring_take_all(&records, &batch);
	assert_int_equal(batch.count, 1);
	assert_int_equal(batch.mapping_count, 2);
	assert_int_equal(batch.lost, 0);
	const struct fault_mapping *m = &batch.mappings[0];
	assert_int_equal(m->time_ns, 1204331900);
	assert_int_equal(m->pid, 4242);
	assert_int_equal(m->attr.start, 0x7f1200c1f000);
	assert_int_equal(m->attr.end, 0x7f1200c22000);
	assert_int_equal(m->attr.offset, 0x2000);
	assert_int_equal(m->attr.dev_major, 0xfe);
	assert_int_equal(m->attr.dev_minor, 1);
	assert_int_equal(m->attr.inode, 332399);
	assert_int_equal(m->attr.perms, REGION_READ | REGION_EXEC);
	assert_string_equal(m->attr.path, "/usr/lib/libc.so.6");
	assert_string_equal(batch.mappings[1].attr.path, "");
	fault_batch_fini(&batch);
}

/* Registers and the top of the stack, of 64-bit and 32-bit programs, whole and cut. */
static void test_samples(void **state)
{
	struct {
		uint64_t abi, regs[9], room;
		uint8_t stack[32];
		uint64_t used;
	} bytes = { 2, { 3, 6, 7, 16, 10, 12, 13, 14, 15 }, 32, "the stack", 24 };
	struct fault_sample sample;

	(void)state;
	assert_true(fault_sample_read((const uint8_t *)&bytes, sizeof bytes, &sample));
	assert_true(sample.wide);
	for (uint32_t i = 0; i < FAULT_REGS; i++)
		if (sample.known >> i & 1)
			assert_int_equal(sample.regs[i], i);
	assert_int_equal(__builtin_popcount(sample.known), __builtin_popcountll(FAULT_REGS_MASK));
	assert_int_equal(sample.stack_length, 24);
	assert_string_equal((const char *)sample.stack, "the stack");
	bytes.used = 1000;
	assert_true(fault_sample_read((const uint8_t *)&bytes, sizeof bytes, &sample));
	assert_int_equal(sample.stack_length, 32);
	for (size_t length = 0; length < sizeof bytes; length++)
		assert_true(!fault_sample_read((const uint8_t *)&bytes, length, &sample) || !sample.stack);
	bytes.abi = 1;
	assert_true(fault_sample_read((const uint8_t *)&bytes, sizeof bytes, &sample));
	assert_false(sample.wide);
	bytes.abi = 0;
	assert_false(fault_sample_read((const uint8_t *)&bytes, sizeof bytes, &sample));
}

static void test_traces(void **state)
{
	struct {
		uint32_t size;
		uint8_t raw[36];
	} bytes = { 32, { [8] = 0x10, 0x30, [24] = 6 } };
	struct fault_trace trace;

	(void)state;
	assert_true(fault_trace_read((const uint8_t *)&bytes, sizeof bytes, &trace));
	assert_int_equal(trace.address, 0x3010);
	assert_int_equal(trace.code, FAULT_CODE_WRITE | FAULT_CODE_USER);
	assert_false(fault_trace_read((const uint8_t *)&bytes, 20, &trace));
	bytes.size = 8;
	assert_false(fault_trace_read((const uint8_t *)&bytes, sizeof bytes, &trace));
}

/* What happens to processes is noticed along the way; a new name without an exec is not. */
static void test_forks(void **state)
{
	struct fault_batch batch = { 0 };
	uint8_t bytes[RING] = { 0 };
	uint64_t head = 0;
	struct {
		struct perf_event_header header;
		uint32_t pid, parent, tid, parent_tid;
		uint64_t time;
	} forks[] = { { { .type = PERF_RECORD_FORK, .size = 32 }, 4300, 4242, 4300, 4243, 555 },
		      { { .type = PERF_RECORD_FORK, .size = 32 }, 4242, 4242, 4301, 4243, 777 },
		      { { .type = PERF_RECORD_EXIT, .size = 32 }, 4300, 4242, 4300, 4243, 800 } };
	struct {
		struct perf_event_header header;
		uint32_t pid, tid;
		char name[8];
		uint32_t by_pid, by_tid;
		uint64_t time, id;
	} named[] = { { { PERF_RECORD_COMM, 0, 48 }, 4242, 4243, "thread", 4242, 4243, 850, 0x35 },
		      { { PERF_RECORD_COMM, PERF_RECORD_MISC_COMM_EXEC, 48 },
			4242,
			4243,
			"demo",
			4242,
			4243,
			888,
			0x35 } };
	struct faultring ring = { bytes, RING, 0, 0 };

	(void)state;
	put(bytes, &head, forks, sizeof forks);
	put(bytes, &head, named, sizeof named);
	put_sample(bytes, &head, 0x1000);
	ring.head = head;
	assert_int_equal(faultring_next(&ring, &batch), 1204331876);
	assert_int_equal(batch.task_count, 4);
	assert_int_equal(batch.tasks[0].kind, FAULT_TASK_FORK);
	assert_int_equal(batch.tasks[0].time_ns, 555);
	assert_int_equal(batch.tasks[0].pid, 4242);
	assert_int_equal(batch.tasks[0].child, 4300);
	assert_int_equal(batch.tasks[1].kind, FAULT_TASK_THREAD);
	assert_int_equal(batch.tasks[2].kind, FAULT_TASK_EXIT);
	assert_int_equal(batch.tasks[2].pid, 4300);
	assert_int_equal(batch.tasks[3].kind, FAULT_TASK_EXEC);
	assert_int_equal(batch.tasks[3].time_ns, 888);
	assert_string_equal(batch.tasks[3].name, "demo");
	faultring_take(&ring, &batch);
	assert_int_equal(batch.records[0].length, 0);
	assert_int_equal(faultring_next(&ring, &batch), FAULTRING_END);
	fault_batch_fini(&batch);
}

#define LOST 77 /* nobody is sure to have this page still */

static bool has_page(void *context, int32_t pid, uint64_t page)
{
	return page != LOST;
}

static const struct kin_check check = { has_page, NULL };

static void fork_watched(struct kin *kin, int32_t pid, int32_t child, uint64_t time_ns)
{
	kin_fork(kin, pid, child, time_ns);
	kin_watch(kin, child);
}

/* The family of kern/perf/kin.c. */
static void test_kin(void **state)
{
	struct kin *kin = kin_create(4242);

	(void)state;
	assert_int_equal(kin_held(kin, 4242, 7, 5, &check), KIN_NOBODY_SEEN);
	fork_watched(kin, 4242, 4250, 10);
	fork_watched(kin, 4250, 4251, 20);
	assert_int_equal(kin_held(kin, 4242, 7, 30, &check), KIN_HELD);
	kin_fault(kin, 4242, 7, 30, true);
	fork_watched(kin, 4242, 4260, 40);
	kin_fork(kin, 9999, 4261, 45); /* not of the family */
	assert_int_equal(kin_born(kin, 4260), 40);
	assert_int_equal(kin_born(kin, 4242), 0);
	assert_int_equal(kin_forked(kin, 4242, 40), 10);
	assert_int_equal(kin_forked(kin, 4242, 60), 40);
	assert_int_equal(kin_held(kin, 4250, 7, 50, &check), KIN_HELD); /* by its child */
	kin_fault(kin, 4250, 7, 50, true);
	assert_int_equal(kin_held(kin, 4251, 7, 60, &check), KIN_NOBODY_SEEN);
	assert_int_equal(kin_held(kin, 4242, 7, 60, &check), KIN_HELD); /* by the later child */
	kin_thread(kin, 4260, 61);
	kin_exit(kin, 4260, 62);
	assert_int_equal(kin_held(kin, 4242, 7, 63, &check), KIN_HELD); /* it has a thread left */
	kin_exit(kin, 4260, 64);
	assert_int_equal(kin_held(kin, 4242, 7, 65, &check), KIN_NOBODY);
	assert_int_equal(kin_held(kin, 4242, 8, 65, &check), KIN_HELD); /* as none of them wrote it */
	kin_exec(kin, 4250, 70);
	fork_watched(kin, 4250, 4252, 75); /* of the new program */
	assert_int_equal(kin_held(kin, 4250, 8, 80, &check), KIN_HELD);
	kin_exit(kin, 4252, 85);
	assert_int_equal(kin_held(kin, 4250, 8, 90, &check), KIN_NOBODY);
	kin_trim(kin, 100);
	assert_int_equal(kin_held(kin, 4242, 8, 101, &check), KIN_HELD); /* by the grandchild */
	kin_blind(kin, 102);
	assert_int_equal(kin_held(kin, 4242, 8, 103, &check), KIN_UNKNOWN);
	fork_watched(kin, 4242, 4270, 104);
	kin_fault(kin, 4242, 9, 103, true);
	assert_int_equal(kin_held(kin, 4242, 9, 105, &check), KIN_HELD); /* what was not seen was before */
	kin_exit(kin, 4270, 106);
	kin_exit(kin, 4251, 110);
	kin_trim(kin, 120);
	assert_int_equal(kin_forked(kin, 4242, 130), 104);
	kin_exec(kin, 4242, 200);
	assert_int_equal(kin_forked(kin, 4242, 210), 0);
	assert_int_equal(kin_held(kin, 4242, 8, 210, &check), KIN_NOBODY);
	kin_destroy(kin);
}

/* A child that nobody watches yet, whose faults come all the same. */
static void test_kin_of_heir(void **state)
{
	struct kin *kin = kin_create(4242);
	int32_t parent;

	(void)state;
	kin_report_heirs(kin);
	kin_fork(kin, 4242, 4250, 10);
	kin_forker(kin, 4250, 4243);
	assert_int_equal(kin_count_forks(kin), 1);
	assert_int_equal(kin_last_child(kin, 4242), 4250);
	assert_true(kin_is_heir(kin, 4250, 11));
	assert_false(kin_is_heir(kin, 4242, 11));
	assert_int_equal(kin_held(kin, 4242, 7, 11, &check),
			 KIN_UNKNOWN); /* it may have its parent's memory */
	assert_int_equal(kin_find_unsure(kin, &parent), 4250);
	assert_int_equal(parent, 4242);
	kin_runs(kin, 4244, 12); /* not the thread that forked it */
	assert_int_equal(kin_find_unsure(kin, &parent), 4250);
	kin_runs(kin, 4243, 12);
	assert_int_equal(kin_find_unsure(kin, &parent), 0);
	assert_int_equal(kin_held(kin, 4242, 7, 13, &check), KIN_HELD);
	kin_fault(kin, 4250, 7, 14, true);
	assert_int_equal(kin_held(kin, 4242, 7, 15, &check), KIN_NOBODY_SEEN);
	assert_true(kin_may_have_faulted(kin, 4250, 7, 13));
	assert_false(kin_may_have_faulted(kin, 4250, 7, 14));
	kin_has_rings(kin, 4250, 20);
	assert_true(kin_is_heir(kin, 4250, 19));
	assert_false(kin_is_heir(kin, 4250, 20));
	assert_true(kin_is_reported(kin, 4250));
	kin_fork(kin, 4242, 4260, 30);
	kin_apart(kin, 4260);
	kin_blind_heirs(kin, 40); /* of the one that has no rings of its own */
	assert_true(kin_is_reported(kin, 4250));
	assert_false(kin_is_reported(kin, 4260));
	kin_exit(kin, 4250, 50);
	assert_int_equal(kin_held(kin, 4242, 8, 51, &check), KIN_UNKNOWN);
	kin_exit(kin, 4260, 60);
	assert_int_equal(kin_last_child(kin, 4242), 0);
	kin_trim(kin, 70);
	assert_true(kin_may_have_faulted(kin, 4242, 7, 65)); /* nobody notes them any more */
	kin_destroy(kin);
}

#define KIN_MS UINT64_C(1000000)

/* What a child does. */
static void test_kin_of_child(void **state)
{
	struct kin *kin = kin_create(4242);

	(void)state;
	kin_fork(kin, 4242, 4250, 10 * KIN_MS);
	assert_int_equal(kin_held(kin, 4242, 7, 11 * KIN_MS, &check), KIN_UNKNOWN); /* it is not watched */
	kin_watch(kin, 4250);
	assert_int_equal(kin_held(kin, 4242, 7, 11 * KIN_MS, &check), KIN_HELD);
	assert_int_equal(kin_held(kin, 4242, LOST, 11 * KIN_MS, &check), KIN_UNKNOWN);
	kin_fault(kin, 4250, 7, 12 * KIN_MS, true); /* the child writes first */
	assert_int_equal(kin_held(kin, 4242, 7, 11 * KIN_MS, &check), KIN_HELD);
	assert_int_equal(kin_held(kin, 4242, 7, 13 * KIN_MS, &check), KIN_NOBODY_SEEN);
	kin_fault(kin, 4250, 8, 12 * KIN_MS, false);
	assert_int_equal(kin_held(kin, 4242, 8, 13 * KIN_MS, &check), KIN_UNKNOWN);
	kin_gone(kin, 4250, 20, 30, 20 * KIN_MS); /* it discards */
	assert_int_equal(kin_held(kin, 4242, 25, 15 * KIN_MS, &check), KIN_UNKNOWN);
	assert_int_equal(kin_held(kin, 4242, 25, 20 * KIN_MS, &check), KIN_NOBODY_SEEN);
	assert_int_equal(kin_held(kin, 4242, 30, 20 * KIN_MS, &check), KIN_HELD);
	kin_replaced(kin, 4250, 30, 31);
	assert_int_equal(kin_held(kin, 4242, 30, 25 * KIN_MS, &check), KIN_UNKNOWN);
	kin_gone(kin, 4242, 40, 41, 26 * KIN_MS); /* and so does the parent */
	assert_int_equal(kin_held(kin, 4250, 40, 27 * KIN_MS, &check), KIN_NOBODY_SEEN);
	kin_blind_one(kin, 4250, 30 * KIN_MS);
	assert_int_equal(kin_held(kin, 4242, 50, 31 * KIN_MS, &check), KIN_UNKNOWN);
	assert_int_equal(kin_held(kin, 4242, 25, 31 * KIN_MS, &check), KIN_NOBODY_SEEN);
	/* its own write is its first, whatever was lost: else it could write already */
	assert_int_equal(kin_held(kin, 4250, 50, 31 * KIN_MS, &check), KIN_HELD);
	fork_watched(kin, 4250, 4251, 32 * KIN_MS);
	assert_int_equal(kin_held(kin, 4250, 50, 33 * KIN_MS, &check), KIN_UNKNOWN);
	kin_blind(kin, 34 * KIN_MS); /* it may have forked unseen */
	assert_int_equal(kin_held(kin, 4251, 50, 35 * KIN_MS, &check), KIN_UNKNOWN);
	kin_destroy(kin);

	kin = kin_create(4242);
	kin_is_held(kin);
	kin_fork(kin, 4242, 4250, 10);
	assert_int_equal(kin_held(kin, 4242, 7, 11, &check), KIN_HELD); /* it has not run */
	kin_thread(kin, 4242, 12);
	assert_int_equal(kin_held(kin, 4242, 7, 13, &check),
			 KIN_UNKNOWN); /* it may have no memory of its own */
	kin_vfork(kin, 4250);
	assert_int_equal(kin_held(kin, 4242, 7, 13, &check), KIN_NOBODY_SEEN);
	fork_watched(kin, 4242, 4260, 20);
	kin_fault(kin, 4250, 7, 21, true); /* is as if its parent had written */
	assert_int_equal(kin_held(kin, 4260, 7, 22, &check), KIN_NOBODY_SEEN);
	kin_destroy(kin);
}

/* Any bytes: it ends, and reads nothing outside the ring (a sanitizer would see it). */
static void test_random_bytes(void **state)
{
	uint64_t seed = 3;
	uint8_t *ring = mem_alloc(RING);

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct fault_batch batch = { 0 };
		uint64_t tail = (uint64_t)check_random(&seed) << 3;
		uint64_t bytes = check_random(&seed) % (RING + 64);

		for (size_t i = 0; i < RING; i++)
			ring[i] =
			    (uint8_t)(check_random(&seed) % (round % 2 ? 256 : 3) * (i % 8 == 6 ? 8 : 1));
		faultring_take_all(&(struct faultring){ ring, RING, tail, tail + bytes }, &batch);
		assert_true(batch.count <= RING / 48);
		fault_batch_fini(&batch);
	}
	free(ring);
}

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
	facts.has_access = facts.present = true;
	facts.access = FAULT_READ;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	assert_int_equal(cause_infer(&facts).access, FAULT_READ);
	facts.access = FAULT_WRITE;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	assert_int_equal(cause_infer(&facts).why, FAULT_WHY_SAME);
	facts.was |= PAGE_SHARED;
	assert_int_equal(cause_infer(&facts).cause, FAULT_COW_FORK);
	assert_true(cause_infer(&facts).deduced);
	facts.present = false;
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
					     .has_access = deduced[i].reported,
					     .access = deduced[i].access,
					     .present = deduced[i].present };
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

/* That the page cache held it was seen, or follows from nobody's waiting for a disk. */
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
}

/* Memory that userfaultfd watches: the program's handler gives the page, whatever it looks like then. */
static void test_userfault(void **state)
{
	struct region_attr attr = { .kind = REGION_ANON, .perms = 3, .path = "" };
	struct cause_facts facts = { .region = &attr,
				     .address = ADDRESS,
				     .ip = ELSEWHERE,
				     .was = PAGE_RESERVED,
				     .now = PAGE_ANON,
				     .decoded = FAULT_READ,
				     .userfault = USERFAULT_ANY | USERFAULT_MISSING };
	(void)state;
	assert_int_equal(cause_infer(&facts).cause, FAULT_USERFAULT);
	assert_int_equal(cause_infer(&facts).access, FAULT_ACCESS_UNKNOWN);
	assert_true(cause_infer(&facts).deduced);
	facts.has_access = true;
	facts.access = FAULT_READ;
	assert_int_equal(cause_infer(&facts).access, FAULT_READ);
	/* it was there before: nothing is missing */
	facts.was = PAGE_SWAP;
	assert_int_equal(cause_infer(&facts).cause, FAULT_SWAP_IN);
	facts = (struct cause_facts){ .region = &attr, .was = PAGE_ZERO, .now = PAGE_ANON, .userfault = 3 };
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_REPLACED);
	/* only writes go there: to a page that is there */
	facts.userfault = USERFAULT_ANY | USERFAULT_WRITE;
	facts.was = PAGE_RESERVED;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	facts.was = PAGE_ANON;
	assert_int_equal(cause_infer(&facts).cause, FAULT_USERFAULT);
	facts.forked = true;
	assert_int_equal(cause_infer(&facts).why, FAULT_WHY_SAME);
	/* nobody could look */
	facts = (struct cause_facts){ .region = &attr, .was = PAGE_RESERVED, .now = PAGE_ANON };
	facts.userfault_unsure = true;
	assert_int_equal(cause_infer(&facts).why, FAULT_WHY_USERFAULT);
	attr.kind = REGION_FILE;
	attr.inode = 1;
	facts.now = PAGE_FILE;
	assert_int_equal(cause_infer(&facts).cause, FAULT_FILE_CACHED);
	/* what the object has goes there, too, if it is asked for */
	attr = (struct region_attr){ .kind = REGION_SHM, .perms = 11, .inode = 1, .path = "" };
	facts = (struct cause_facts){ .region = &attr, .was = PAGE_RESERVED, .now = PAGE_SHM };
	assert_int_equal(cause_infer(&facts).cause, FAULT_SHM);
	facts.userfault = USERFAULT_ANY | USERFAULT_MINOR;
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
	/* the page shows what it was; the kernel knows better than both */
	facts.was = PAGE_RESERVED;
	facts.now = PAGE_ANON;
	assert_int_equal(cause_infer(&facts).access, FAULT_WRITE);
	facts.now = PAGE_ZERO;
	facts.decoded = FAULT_WRITE;
	assert_int_equal(cause_infer(&facts).access, FAULT_READ);
	facts.has_access = true;
	facts.access = FAULT_WRITE;
	assert_int_equal(cause_infer(&facts).access, FAULT_WRITE);
	/* between two faults it was only inferred to be the zero page: a write proves that wrong */
	facts.has_access = false;
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
	assert_int_equal(page_state(cause_between(PAGE_RESERVED, PAGE_ANON)), PAGE_ZERO);
	assert_int_equal(page_state(cause_between(PAGE_CACHED, PAGE_COPY)), PAGE_FILE);
	assert_int_equal(page_state(cause_between(PAGE_RESERVED, PAGE_FILE)), PAGE_UNKNOWN);
	assert_int_equal(page_state(cause_between(PAGE_UNKNOWN, PAGE_ANON)), PAGE_UNKNOWN);
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
		facts.has_access = true;
		facts.access = FAULT_READ;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),         cmocka_unit_test(test_wrapped_records),
		cmocka_unit_test(test_broken_records),  cmocka_unit_test(test_random_bytes),
		cmocka_unit_test(test_samples),         cmocka_unit_test(test_traces),
		cmocka_unit_test(test_forks),           cmocka_unit_test(test_kin),
		cmocka_unit_test(test_kin_of_heir),     cmocka_unit_test(test_kin_of_child),
		cmocka_unit_test(test_reported_causes), cmocka_unit_test(test_causes),
		cmocka_unit_test(test_deduced),         cmocka_unit_test(test_from_page_cache),
		cmocka_unit_test(test_userfault),       cmocka_unit_test(test_decoded),
		cmocka_unit_test(test_between),         cmocka_unit_test(test_names),
		cmocka_unit_test(test_fatal),           cmocka_unit_test(test_guarded_since),
		cmocka_unit_test(test_mappings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
