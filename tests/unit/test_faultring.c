/* Fault records from the bytes of a ring. */
#include "kern/perf/faultring.h"

#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
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
#ifdef __aarch64__
		uint64_t abi, regs[14], room;
#else
		uint64_t abi, regs[17], room;
#endif
		uint8_t stack[32];
		uint64_t used;
#ifdef __aarch64__
	} bytes = { 2, { 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32 }, 32, "the stack", 24 };
#else
	} bytes = { 2, { 0, 3, 2, 1, 4, 5, 6, 7, 16, 8, 9, 10, 11, 12, 13, 14, 15 }, 32, "the stack", 24 };
#endif
	struct fault_sample sample;

	(void)state;
	assert_true(fault_sample_read((const uint8_t *)&bytes, sizeof bytes, &sample));
	assert_true(sample.wide);
	for (uint32_t i = 0; i < FAULTRING_REGS; i++)
		if (sample.known >> i & 1)
			assert_int_equal(sample.regs[i], i);
	assert_int_equal(__builtin_popcountll(sample.known), __builtin_popcountll(FAULTRING_REGS_MASK));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),        cmocka_unit_test(test_wrapped_records),
		cmocka_unit_test(test_broken_records), cmocka_unit_test(test_mappings),
		cmocka_unit_test(test_samples),        cmocka_unit_test(test_traces),
		cmocka_unit_test(test_forks),          cmocka_unit_test(test_random_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
