/* A perf ring holds records one after the other, multiples of eight bytes, and a record may begin at the end
 * of the ring and go on at its beginning.
 *
 *   09 00 00 00  02 00  30 00       type 9 (sample), misc, size 48
 *   35 00 00 00 00 00 00 00         id of the event: PERF_SAMPLE_IDENTIFIER
 *   c2 f1 a4 c0 d2 55 00 00         instruction:     PERF_SAMPLE_IP
 *   92 10 00 00  93 10 00 00        pid, tid:        PERF_SAMPLE_TID
 *   6c 1d c8 47 00 00 00 00         time:            PERF_SAMPLE_TIME
 *   10 30 00 00 12 7f 00 00         address:         PERF_SAMPLE_ADDR
 *   ...                             what else this event samples, see below
 *
 *   02 00 00 00  00 00  18 00       type 2 (lost), size 24
 *   35 00 00 00 00 00 00 00         id
 *   07 00 00 00 00 00 00 00         how many
 *
 * An event that samples stacks (PERF_SAMPLE_REGS_USER, PERF_SAMPLE_STACK_USER):
 *
 *   02 00 00 00 00 00 00 00         2: registers of 64 bits, 1: of 32, 0: none follow
 *   ...                             17 words, in the order of enum perf_event_x86_regs
 *   00 08 00 00 00 00 00 00         room for the stack
 *   ...                             that many bytes, of which
 *   a0 02 00 00 00 00 00 00         this many are the stack's
 *
 * A tracepoint of page faults (PERF_SAMPLE_RAW; exceptions/page_fault_user/format):
 *
 *   24 00 00 00                     size
 *   be 00 00 00  93 10 00 00        type, flags, tid
 *   10 30 00 00 12 7f 00 00         address
 *   c2 f1 a4 c0 d2 55 00 00         instruction
 *   06 00 00 00 00 00 00 00         error code
 *
 *   07 00 00 00  00 00  20 00       type 7 (fork), size 32
 *   a4 10 00 00  92 10 00 00        pid of the child, of the parent
 *   a4 10 00 00  93 10 00 00        tid of the child, of the parent
 *   6c 1d c8 47 00 00 00 00         time; type 4 (exit) is the same
 *
 *   03 00 00 00  00 20  38 00       type 3 (comm), misc: by exec, size 56
 *   92 10 00 00  93 10 00 00        pid, tid
 *   64 65 6d 6f 00 00 00 00         name, zeroes up to a word
 *   92 10 00 00  93 10 00 00        pid, tid, then time and id of the event (sample_id_all)
 *
 *   0a 00 00 00  02 00  78 00       type 10 (mmap2), size 120
 *   92 10 00 00  93 10 00 00        pid, tid
 *   00 f0 c1 12 00 7f 00 00         address, then length, offset in the file
 *   fe 00 00 00  00 00 00 00        device: major, minor
 *   93 12 05 00 00 00 00 00         inode, then its generation
 *   01 00 00 00  02 00 00 00        PROT_ bits, MAP_ bits
 *   2f 75 73 72 2f ...              path, zeroes up to a word; "//anon" for none
 *   92 10 00 00  93 10 00 00        pid, tid, then time and id of the event (sample_id_all)
 *
 * See perf_event_open(2), "MMAP layout". */
#include "kern/perf/faultring.h"

#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "base/minmax.h"

struct sample_record {
	struct perf_event_header header;
	uint64_t id, ip;
	uint32_t pid, tid;
	uint64_t time, address;
};

struct lost_record {
	struct perf_event_header header;
	uint64_t id, count;
};

struct task_record {
	struct perf_event_header header;
	uint32_t pid, parent, tid, parent_tid;
	uint64_t time;
};

struct comm_record {
	struct perf_event_header header;
	uint32_t pid, tid;
};

struct mmap_record {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t address, length, offset;
	uint32_t dev_major, dev_minor;
	uint64_t inode, generation;
	uint32_t protection, flags;
};

struct sample_id {
	uint32_t pid, tid;
	uint64_t time, id;
};

#define ROOM_KEPT ((size_t)1 << 20)

void fault_mapping_fini(struct fault_mapping *mapping)
{
	free((char *)mapping->attr.path);
	mapping->attr.path = NULL;
}

/* Frees what a burst of faults needed, once there are few again. */
static void shrink(struct fault_batch *batch)
{
	if (batch->room <= ROOM_KEPT || batch->length > batch->room / 8)
		return;
	free(batch->bytes);
	batch->bytes = NULL;
	batch->room = 0;
}

void fault_batch_clear(struct fault_batch *batch)
{
	shrink(batch);
	for (size_t i = 0; i < batch->mapping_count; i++)
		fault_mapping_fini(&batch->mappings[i]);
	batch->count = batch->length = batch->mapping_count = batch->task_count = batch->deep_count = 0;
	batch->lost = 0;
}

void fault_batch_fini(struct fault_batch *batch)
{
	fault_batch_clear(batch);
	free(batch->mappings);
	free(batch->tasks);
	free(batch->records);
	free(batch->deep);
	free(batch->bytes);
	*batch = (struct fault_batch){ 0 };
}

static void copy(void *to, size_t n, const struct faultring *ring, uint64_t from)
{
	size_t at = from & (ring->size - 1), first = min(ring->size - at, n);

	memcpy(to, ring->bytes + at, first);
	memcpy((uint8_t *)to + first, ring->bytes, n - first);
}

/* The header of the record at the tail; false if there is no whole one. */
static bool peek_header(const struct faultring *ring, struct perf_event_header *header)
{
	uint64_t left = ring->head - ring->tail;

	if (left > ring->size || left < sizeof *header)
		return false;
	copy(header, sizeof *header, ring, ring->tail);
	return header->size >= sizeof *header && header->size <= left;
}

static uint8_t perms_of(const struct mmap_record *m)
{
	return (uint8_t)((m->protection & PROT_READ ? REGION_READ : 0) |
			 (m->protection & PROT_WRITE ? REGION_WRITE : 0) |
			 (m->protection & PROT_EXEC ? REGION_EXEC : 0) |
			 (m->flags & MAP_SHARED ? REGION_MAY_SHARE : 0));
}

/* Takes the mapping record of `size` bytes at the tail; one with an unterminated path is malformed, and left
 * out. */
static void take_mapping(const struct faultring *ring, size_t size, struct fault_batch *batch)
{
	struct mmap_record m;
	struct sample_id id;
	size_t length = size - sizeof m - sizeof id;
	char *path;

	copy(&m, sizeof m, ring, ring->tail);
	copy(&id, sizeof id, ring, ring->tail + size - sizeof id);
	if (!m.length || m.address + m.length < m.address)
		return;
	path = mem_alloc(length + 1);
	copy(path, length, ring, ring->tail + sizeof m);
	path[length] = '\0';
	if (!strcmp(path, "//anon"))
		*path = '\0';
	mem_grow(batch->mappings, batch->mapping_cap, batch->mapping_count + 1);
	batch->mappings[batch->mapping_count++] = (struct fault_mapping){
		.time_ns = id.time,
		.pid = (int32_t)m.pid,
		.attr = { .start = m.address,
			  .end = m.address + m.length,
			  .offset = m.offset,
			  .inode = m.inode,
			  .dev_major = m.dev_major,
			  .dev_minor = m.dev_minor,
			  .perms = perms_of(&m),
			  .path = path },
	};
}

static void add_task(struct fault_batch *batch, const struct fault_task *task)
{
	mem_grow(batch->tasks, batch->task_cap, batch->task_count + 1);
	batch->tasks[batch->task_count++] = *task;
}

/* Takes the record at the tail: a fork or an exit. */
static void take_task(const struct faultring *ring, size_t size, bool fork, struct fault_batch *batch)
{
	struct task_record task;
	struct sample_id id = { 0 };

	copy(&task, sizeof task, ring, ring->tail);
	if (size >= sizeof task + sizeof id)
		copy(&id, sizeof id, ring, ring->tail + size - sizeof id);
	struct fault_task t = { .time_ns = task.time,
				.kind = FAULT_TASK_EXIT,
				.pid = (int32_t)task.pid,
				.own_tid = (int32_t)task.tid,
				.event = id.id };
	if (fork) {
		t.kind = task.pid == task.parent ? FAULT_TASK_THREAD : FAULT_TASK_FORK;
		t.pid = (int32_t)task.parent;
		t.child = (int32_t)task.pid;
		t.tid = (int32_t)task.parent_tid;
	}
	add_task(batch, &t);
}

/* Takes the record at the tail: an exec. */
static void take_exec(const struct faultring *ring, size_t size, struct fault_batch *batch)
{
	struct comm_record command;
	struct sample_id id;
	size_t length = size - sizeof command - sizeof id;
	struct fault_task t = { .kind = FAULT_TASK_EXEC };

	copy(&command, sizeof command, ring, ring->tail);
	copy(&id, sizeof id, ring, ring->tail + size - sizeof id);
	t.time_ns = id.time;
	t.pid = (int32_t)command.pid;
	t.own_tid = (int32_t)command.tid;
	t.event = id.id;
	copy(t.name, length < sizeof t.name ? length : sizeof t.name - 1, ring, ring->tail + sizeof command);
	add_task(batch, &t);
}

/* Takes the record at the tail, which is not a fault. */
static void take_other(const struct faultring *ring, const struct perf_event_header *header,
		       struct fault_batch *batch)
{
	struct lost_record lost;

	switch (header->type) {
	case PERF_RECORD_LOST:
		if (header->size < sizeof lost)
			break;
		copy(&lost, sizeof lost, ring, ring->tail);
		batch->lost += lost.count;
		break;
	case PERF_RECORD_FORK:
	case PERF_RECORD_EXIT:
		if (header->size >= sizeof(struct task_record))
			take_task(ring, header->size, header->type == PERF_RECORD_FORK, batch);
		break;
	case PERF_RECORD_COMM:
		if (header->misc & PERF_RECORD_MISC_COMM_EXEC &&
		    header->size >= sizeof(struct comm_record) + sizeof(struct sample_id))
			take_exec(ring, header->size, batch);
		break;
	case PERF_RECORD_MMAP2:
		if (header->size >= sizeof(struct mmap_record) + sizeof(struct sample_id))
			take_mapping(ring, header->size, batch);
		break;
	default:
		break;
	}
}

uint64_t faultring_next(struct faultring *ring, struct fault_batch *batch)
{
	struct perf_event_header header;

	while (ring->tail != ring->head && peek_header(ring, &header)) {
		if (header.type == PERF_RECORD_SAMPLE && header.size >= sizeof(struct sample_record)) {
			uint64_t time;

			copy(&time, sizeof time, ring, ring->tail + offsetof(struct sample_record, time));
			return time < FAULTRING_END ? time : FAULTRING_END - 1;
		}
		take_other(ring, &header, batch);
		ring->tail += header.size;
	}
	batch->lost += ring->tail != ring->head;
	ring->tail = ring->head;
	return FAULTRING_END;
}

void faultring_take(struct faultring *ring, struct fault_batch *batch)
{
	struct sample_record s;

	copy(&s, sizeof s, ring, ring->tail);
	size_t length = s.header.size - sizeof s;

	mem_grow(batch->records, batch->cap, batch->count + 1);
	batch->records[batch->count++] = (struct fault_record){
		.time_ns = s.time,
		.address = s.address,
		.ip = s.ip,
		.id = s.id,
		.pid = (int32_t)s.pid,
		.tid = (int32_t)s.tid,
		.more = batch->length,
		.length = (uint32_t)length,
	};
	if (length) {
		mem_grow(batch->bytes, batch->room, batch->length + length + 8);
		copy(batch->bytes + batch->length, length, ring, ring->tail + sizeof s);
		batch->length += (length + 7) & ~(size_t)7;
	}
	ring->tail += s.header.size;
}

void faultring_take_all(struct faultring *ring, struct fault_batch *batch)
{
	while (faultring_next(ring, batch) != FAULTRING_END)
		faultring_take(ring, batch);
}

/* perf's order of the registers in FAULTRING_REGS_MASK, as DWARF's numbers. */
#ifdef __aarch64__
static const uint8_t dwarf_number[] = { 19, 20, 21, 22, 23, 24,          25,
					26, 27, 28, 29, 30, 31 /* sp */, 32 /* pc */ };
#else
static const uint8_t dwarf_number[] = { 0 /* rax */, 3 /* rbx */, 2 /* rcx */, 1 /* rdx */,  4 /* rsi */,
					5 /* rdi */, 6 /* rbp */, 7 /* rsp */, 16 /* rip */, 8,
					9,           10,          11,          12,           13,
					14,          15 };
#endif
#define SAMPLED (sizeof dwarf_number / sizeof dwarf_number[0])

bool fault_sample_read(const uint8_t *bytes, size_t length, struct fault_sample *sample)
{
	uint64_t abi, regs[SAMPLED], room, used;
	size_t at = sizeof abi + sizeof regs + sizeof room;

	*sample = (struct fault_sample){ 0 };
	if (length < sizeof abi)
		return false;
	memcpy(&abi, bytes, sizeof abi);
	if (abi != PERF_SAMPLE_REGS_ABI_64 || length < at)
		return abi == PERF_SAMPLE_REGS_ABI_32;
	memcpy(regs, bytes + sizeof abi, sizeof regs);
	memcpy(&room, bytes + sizeof abi + sizeof regs, sizeof room);
	for (size_t i = 0; i < SAMPLED; i++) {
		sample->regs[dwarf_number[i]] = regs[i];
		sample->known |= UINT64_C(1) << dwarf_number[i];
	}
	sample->wide = true;
	if (!room || room > length - at || length - at - room < sizeof used)
		return true;
	memcpy(&used, bytes + at + room, sizeof used);
	sample->stack = bytes + at;
	sample->stack_length = used < room ? (size_t)used : (size_t)room;
	return true;
}

bool fault_trace_read(const uint8_t *bytes, size_t length, struct fault_trace *trace)
{
	struct {
		uint16_t type;
		uint8_t flags[6];
		uint64_t address, ip, code;
	} raw;
	uint32_t size;

	if (length < sizeof size + sizeof raw)
		return false;
	memcpy(&size, bytes, sizeof size);
	if (size < sizeof raw)
		return false;
	memcpy(&raw, bytes + sizeof size, sizeof raw);
	*trace = (struct fault_trace){ raw.address, (uint32_t)raw.code };
	return true;
}
