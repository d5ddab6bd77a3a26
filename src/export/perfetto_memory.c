#include "export/perfetto_memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#define RATE_NS (UINT64_C(100) * 1000000) /* the shortest time over which faults are counted */
#define PICTURE_NS (UINT64_C(1000) * 1000000)
#define ARGV_MAX 64 /* words of a command line */

static struct perfetto_memory_track *find(const struct perfetto_memory_tracks *m, int32_t pid)
{
	struct hash_iter iter = hash_iter(&m->by_pid, hash_number((uint32_t)pid));
	uint32_t number;

	while ((number = hash_next(&iter)) && m->list[number - 1].pid != pid)
		;
	return number ? &m->list[number - 1] : NULL;
}

/* --- descriptions --- */

static void describe(struct perfetto_trace *trace, Perfetto__TrackDescriptor *track)
{
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;

	packet.track_descriptor = track;
	perfetto_trace_write(trace, &packet);
}

static void describe_counter(struct perfetto_trace *trace, int32_t pid, unsigned low, const char *name,
			     Perfetto__CounterDescriptor__Unit unit)
{
	Perfetto__CounterDescriptor counter = PERFETTO__COUNTER_DESCRIPTOR__INIT;
	Perfetto__TrackDescriptor track = PERFETTO__TRACK_DESCRIPTOR__INIT;

	counter.has_unit = 1;
	counter.unit = unit;
	track.has_uuid = track.has_parent_uuid = 1;
	track.uuid = (uint64_t)pid << 32 | low;
	track.parent_uuid = (uint64_t)pid << 32 | PERFETTO_TRACK_PROCESS;
	track.name = (char *)name;
	track.counter = &counter;
	describe(trace, &track);
}

static void describe_process(struct perfetto_trace *trace, int32_t pid, const char *comm,
			     const char *const *argv)
{
	Perfetto__ProcessDescriptor process = PERFETTO__PROCESS_DESCRIPTOR__INIT;
	Perfetto__TrackDescriptor track = PERFETTO__TRACK_DESCRIPTOR__INIT;
	char *words[ARGV_MAX];
	size_t count = 0;

	for (; argv && argv[count] && count < ARGV_MAX; count++)
		words[count] = text_printable_dup(argv[count], strlen(argv[count]));
	process.has_pid = 1;
	process.pid = pid;
	process.process_name = text_printable_dup(comm ? comm : "", comm ? strlen(comm) : 0);
	process.n_cmdline = count;
	process.cmdline = words;
	track.has_uuid = 1;
	track.uuid = (uint64_t)pid << 32 | PERFETTO_TRACK_PROCESS;
	track.process = &process;
	describe(trace, &track);
	free(process.process_name);
	while (count-- > 0)
		free(words[count]);
}

static struct perfetto_memory_track *add(struct perfetto_memory_tracks *m, struct perfetto_trace *trace,
					 int32_t pid, int32_t line)
{
	struct perfetto_memory_track *track;

	mem_grow(m->list, m->cap, m->count + 1);
	track = &m->list[m->count++];
	*track = (struct perfetto_memory_track){ .pid = pid, .line = line, .changed = true };
	hash_add(&m->by_pid, hash_number((uint32_t)pid), (uint32_t)m->count);
	for (int s = 0; s < PAGE_STATES; s++)
		if (page_state_kept((enum page_state)s))
			describe_counter(trace, pid, PERFETTO_TRACK_STATES + (unsigned)s,
					 page_state_name((enum page_state)s),
					 PERFETTO__COUNTER_DESCRIPTOR__UNIT__UNIT_SIZE_BYTES);
	describe_counter(trace, pid, PERFETTO_TRACK_MINOR, "minor faults/s",
			 PERFETTO__COUNTER_DESCRIPTOR__UNIT__UNIT_COUNT);
	describe_counter(trace, pid, PERFETTO_TRACK_MAJOR, "major faults/s",
			 PERFETTO__COUNTER_DESCRIPTOR__UNIT__UNIT_COUNT);
	return track;
}

void perfetto_memory_new_process(struct perfetto_memory_tracks *m, struct perfetto_trace *trace,
				 const struct event *e)
{
	struct perfetto_memory_track *track = find(m, e->pid), *parent = find(m, e->process.parent);

	describe_process(trace, e->pid, e->process.comm, e->process.argv);
	if (!track)
		track = add(m, trace, e->pid, parent && !e->process.exec ? parent->line : ++m->lines);
	else if (e->process.exec)
		track->line = ++m->lines;
}

void perfetto_memory_process(struct perfetto_memory_tracks *m, struct perfetto_trace *trace,
			     const struct process *p)
{
	if (find(m, p->pid))
		return;
	describe_process(trace, p->pid, p->identity.comm, (const char *const *)p->identity.argv);
	add(m, trace, p->pid, ++m->lines);
}

int32_t perfetto_memory_line(const struct perfetto_memory_tracks *m, const struct process *p)
{
	const struct perfetto_memory_track *track = find(m, p->pid);

	return track ? track->line : 0;
}

/* --- counters --- */

static void write_counter(struct perfetto_trace *trace, int32_t pid, unsigned low, uint64_t time_ns,
			  uint64_t value)
{
	Perfetto__TrackEvent event = PERFETTO__TRACK_EVENT__INIT;
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;

	event.has_type = event.has_track_uuid = event.has_counter_value = 1;
	event.type = PERFETTO__TRACK_EVENT__TYPE__TYPE_COUNTER;
	event.track_uuid = (uint64_t)pid << 32 | low;
	event.counter_value = (int64_t)value;
	packet.has_timestamp = 1;
	packet.timestamp = time_ns;
	packet.track_event = &event;
	perfetto_trace_write(trace, &packet);
}

/* A rate is written at the beginning of its time; after that it is 0, until faults come again. */
static void write_rates(struct perfetto_memory_track *t, struct perfetto_trace *trace, uint64_t time_ns)
{
	uint64_t ns = time_ns - t->from_ns;

	if (ns < RATE_NS)
		return;
	if (t->minor || t->major || t->rated) {
		write_counter(trace, t->pid, PERFETTO_TRACK_MINOR, t->from_ns, t->minor * CLOCK_SECOND / ns);
		write_counter(trace, t->pid, PERFETTO_TRACK_MAJOR, t->from_ns, t->major * CLOCK_SECOND / ns);
	}
	t->rated = t->minor || t->major;
	t->minor = t->major = 0;
	t->from_ns = time_ns;
}

void perfetto_memory_count_fault(struct perfetto_memory_tracks *m, struct perfetto_trace *trace,
				 const struct process *p, const struct event *e)
{
	struct perfetto_memory_track *t = find(m, p->pid);

	if (!t || fault_is_fatal(e->fault.cause))
		return;
	if (e->time_ns > t->from_ns)
		write_rates(t, trace, e->time_ns);
	if (e->fault.major)
		t->major++;
	else
		t->minor++;
}

/* --- regions --- */

struct smaps_columns {
	uint32_t *names;
	uint64_t *size, *resident, *anonymous, *swap;
};

static void write_smaps(struct perfetto_trace *trace, const struct process *p, uint64_t time_ns,
			Perfetto__PackedSmaps *packed)
{
	Perfetto__SmapsPacket smaps = PERFETTO__SMAPS_PACKET__INIT;
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;

	smaps.has_pid = 1;
	smaps.pid = (uint32_t)p->pid;
	smaps.packed_entries = packed;
	packed->has_recording_type = 1;
	packed->recording_type = PERFETTO__PACKED_SMAPS__RECORDING_TYPE__RECORDING_TYPE_STANDALONE;
	packet.has_timestamp = 1;
	packet.timestamp = time_ns;
	packet.smaps_packet = &smaps;
	perfetto_trace_write(trace, &packet);
}

static void fill(const struct space *s, char **names, const struct smaps_columns *c)
{
	unsigned shift = s->page_shift - 10;

	for (size_t i = 0; i < s->count; i++) {
		const struct region *r = s->regions[i];
		uint64_t counts[PAGE_STATES] = { 0 };
		const char *path = *r->attr.path ? r->attr.path
				   : r->attr.kind == REGION_ANON
				       ? ""
				       : region_kind_name((enum region_kind)r->attr.kind);

		space_add_region_counts(s, r, counts);
		names[i + 1] = text_printable_dup(path, strlen(path));
		c->names[i] = (uint32_t)i + 1;
		c->size[i] = (region_end(s, r) - region_first(s, r)) << shift;
		c->resident[i] = page_resident(counts) << shift;
		c->anonymous[i] = page_sum(counts, page_state_private) << shift;
		c->swap[i] = page_sum(counts, page_state_swapped) << shift;
	}
}

/* All regions in the form of smaps, with only what was read about them. */
static void write_regions(struct perfetto_memory_track *t, struct perfetto_trace *trace,
			  const struct process *p, uint64_t time_ns)
{
	const struct space *s = p->space;
	size_t n = s->count;
	Perfetto__PackedSmaps packed = PERFETTO__PACKED_SMAPS__INIT;
	char **names = mem_zalloc((n + 1) * sizeof *names);
	uint64_t *figures = mem_zalloc((4 * n + 1) * sizeof *figures);
	struct smaps_columns columns = { mem_zalloc((n + 1) * sizeof(uint32_t)), figures, figures + n,
					 figures + 2 * n, figures + 3 * n };

	names[0] = mem_strdup("");
	fill(s, names, &columns);
	packed.n_string_table = n + 1;
	packed.string_table = names;
	packed.n_name_id = packed.n_size_kb = packed.n_rss_kb = packed.n_anonymous_kb = packed.n_swap_kb = n;
	packed.name_id = columns.names;
	packed.size_kb = columns.size;
	packed.rss_kb = columns.resident;
	packed.anonymous_kb = columns.anonymous;
	packed.swap_kb = columns.swap;
	write_smaps(trace, p, time_ns, &packed);
	for (size_t i = 0; i <= n; i++)
		free(names[i]);
	free(names);
	free(figures);
	free(columns.names);
	t->pictured = true;
	t->pictured_ns = time_ns;
	t->changed = false;
}

void perfetto_memory_tick(struct perfetto_memory_tracks *m, struct perfetto_trace *trace,
			  const struct process *p, uint64_t time_ns)
{
	struct perfetto_memory_track *t = find(m, p->pid);
	uint64_t counts[PAGE_STATES] = { 0 };

	/* an ended process has nothing to read: what was written stays */
	if (!t || p->space->count == 0)
		return;
	if (time_ns > t->from_ns)
		write_rates(t, trace, time_ns);
	space_add_counts(p->space, counts);
	for (int s = 0; s < PAGE_STATES; s++) {
		uint64_t bytes = counts[s] << p->space->page_shift;

		if (!page_state_kept((enum page_state)s) || (t->sampled && t->states[s] == bytes))
			continue;
		write_counter(trace, p->pid, PERFETTO_TRACK_STATES + (unsigned)s, time_ns, bytes);
		t->states[s] = bytes;
		t->changed = true;
	}
	t->sampled = true;
	if (t->changed && (!t->pictured || time_ns - t->pictured_ns >= PICTURE_NS))
		write_regions(t, trace, p, time_ns);
}

void perfetto_memory_finish(struct perfetto_memory_tracks *m, struct perfetto_trace *trace,
			    const struct world *world)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct process *p = world_find(world, m->list[i].pid);

		if (p && m->list[i].changed && p->space->count)
			write_regions(&m->list[i], trace, p, world->now_ns);
		if (p && world->now_ns > m->list[i].from_ns)
			write_rates(&m->list[i], trace, world->now_ns);
	}
}

void perfetto_memory_fini(struct perfetto_memory_tracks *m)
{
	free(m->list);
	hash_fini(&m->by_pid);
}
