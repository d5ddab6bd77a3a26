/* A perf ring holds records one behind the other, multiples of eight bytes, and a record
 * may begin at the end of the ring and go on at its beginning.
 *
 *   09 00 00 00  02 00  30 00       type 9 (sample), misc, size 48
 *   35 00 00 00 00 00 00 00         id of the event: PERF_SAMPLE_IDENTIFIER
 *   c2 f1 a4 c0 d2 55 00 00         instruction:     PERF_SAMPLE_IP
 *   92 10 00 00  93 10 00 00        pid, tid:        PERF_SAMPLE_TID
 *   6c 1d c8 47 00 00 00 00         time:            PERF_SAMPLE_TIME
 *   10 30 00 00 12 7f 00 00         address:         PERF_SAMPLE_ADDR
 *
 *   02 00 00 00  00 00  18 00       type 2 (lost), size 24
 *   35 00 00 00 00 00 00 00         id
 *   07 00 00 00 00 00 00 00         how many
 *
 * See perf_event_open(2), "MMAP layout". */
#include "kern/faultring.h"

#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct sample {
	struct perf_event_header header;
	uint64_t id, ip;
	uint32_t pid, tid;
	uint64_t time, address;
};

struct lost {
	struct perf_event_header header;
	uint64_t id, count;
};

void fault_batch_fini(struct fault_batch *batch)
{
	free(batch->records);
	*batch = (struct fault_batch){0};
}

static void copy(void *to, size_t n, const uint8_t *ring, size_t size, uint64_t from)
{
	size_t at = from & (size - 1), first = size - at < n ? size - at : n;

	memcpy(to, ring + at, first);
	memcpy((uint8_t *)to + first, ring, n - first);
}

static void take_sample(struct fault_batch *batch, const struct sample *s)
{
	mem_grow(batch->records, batch->cap, batch->count + 1);
	batch->records[batch->count++] = (struct fault_record){
		.time_ns = s->time,
		.address = s->address,
		.ip = s->ip,
		.id = s->id,
		.pid = (int32_t)s->pid,
		.tid = (int32_t)s->tid,
	};
}

void faultring_parse(const uint8_t *ring, size_t size, uint64_t tail, uint64_t head, struct fault_batch *batch)
{
	union {
		struct perf_event_header header;
		struct sample sample;
		struct lost lost;
	} record;

	while (tail != head) {
		uint64_t left = head - tail;

		if (left > size || left < sizeof record.header)
			break;
		copy(&record.header, sizeof record.header, ring, size, tail);
		uint16_t length = record.header.size;

		if (length < sizeof record.header || length > left)
			break;
		if (record.header.type == PERF_RECORD_SAMPLE && length >= sizeof record.sample) {
			copy(&record, sizeof record.sample, ring, size, tail);
			take_sample(batch, &record.sample);
		} else if (record.header.type == PERF_RECORD_LOST && length >= sizeof record.lost) {
			copy(&record, sizeof record.lost, ring, size, tail);
			batch->lost += record.lost.count;
		}
		tail += length;
	}
	batch->lost += tail != head;
}
