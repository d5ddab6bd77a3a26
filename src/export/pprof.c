/* pprof: a profile for `go tool pprof`, a gzipped protocol buffer as in pprof's proto/profile.proto.
 *
 * Values of a sample: faults, major faults, pages and bytes brought in. Labels: the process, its pid, the
 * region that was touched. A mapping is the region that holds the code. */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"
#include "base/texts.h"
#include "export/pprof.pb-c.h"
#include "export/protobuf.h"
#include "export/stack_table.h"

struct pprof_mapping {
	uint32_t object;
	uint64_t start, end, offset;
};

struct pprof {
	const struct export_job *job;
	struct stack_table table;
	uint64_t first_ns, last_ns; /* of what was exported; UINT64_MAX: nothing yet */
	struct strbuf out;          /* the message so far */
	struct texts texts;         /* the string table */
	struct pprof_mapping *mappings;
	size_t mapping_count, mapping_cap;
};

static void *open(const struct export_job *job, struct err *err)
{
	struct pprof *x = mem_zalloc(sizeof *x);

	x->job = job;
	x->first_ns = UINT64_MAX;
	stack_table_init(&x->table);
	return x;
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct pprof *x = context;

	if (x->first_ns == UINT64_MAX)
		x->first_ns = e->time_ns;
	x->last_ns = max(e->time_ns, x->last_ns);
	stack_table_add(&x->table, x->job, e);
	return 0;
}

/* Its id: index + 1; 0: none. */
static uint64_t mapping_of(struct pprof *x, const struct table_location *location)
{
	if (!location->end)
		return 0;
	for (size_t i = x->mapping_count; i-- > 0;)
		if (x->mappings[i].start == location->start && x->mappings[i].end == location->end &&
		    x->mappings[i].object == location->object)
			return i + 1;
	mem_grow(x->mappings, x->mapping_cap, x->mapping_count + 1);
	x->mappings[x->mapping_count++] =
	    (struct pprof_mapping){ location->object, location->start, location->end, location->offset };
	return x->mapping_count;
}

static void add(struct pprof *x, const Pprof__Profile *part)
{
	protobuf_append(&x->out, &part->base);
}

static void add_sample(struct pprof *x, const struct table_sum *sum)
{
	const struct table_process *process = &x->table.processes.list[sum->process];
	uint64_t *ids = mem_alloc(sum->count * sizeof *ids);
	int64_t values[] = { (int64_t)(sum->minor + sum->major), (int64_t)sum->major, (int64_t)sum->pages,
			     (int64_t)(sum->pages * process->page_size) };
	Pprof__Label labels[3] = { PPROF__LABEL__INIT, PPROF__LABEL__INIT, PPROF__LABEL__INIT },
		     *label_list[] = { &labels[0], &labels[1], &labels[2] };
	Pprof__Sample sample = PPROF__SAMPLE__INIT, *list[] = { &sample };
	Pprof__Profile part = PPROF__PROFILE__INIT;

	for (size_t i = 0; i < sum->count; i++)
		ids[i] = (uint64_t)x->table.ids.list[sum->first + sum->count - 1 - i] + 1;
	labels[0].key = texts_add(&x->texts, "process");
	labels[0].str = texts_add(&x->texts, process->name);
	labels[1].key = texts_add(&x->texts, "pid");
	labels[1].num = process->pid;
	labels[2].key = texts_add(&x->texts, "region");
	labels[2].str = texts_add(&x->texts, x->table.objects.list[sum->region]);
	sample.n_location_id = sum->count;
	sample.location_id = ids;
	sample.n_value = sizeof values / sizeof *values;
	sample.value = values;
	sample.n_label = sizeof labels / sizeof *labels;
	sample.label = label_list;
	part.n_sample = 1;
	part.sample = list;
	add(x, &part);
	free(ids);
}

static void add_location(struct pprof *x, size_t index)
{
	const struct table_location *from = &x->table.locations.list[index];
	Pprof__Line *lines = mem_alloc(from->count * sizeof *lines);
	Pprof__Line **line_list = mem_alloc(from->count * sizeof *line_list);
	Pprof__Location location = PPROF__LOCATION__INIT, *list[] = { &location };
	Pprof__Profile part = PPROF__PROFILE__INIT;

	for (uint32_t i = 0; i < from->count; i++) {
		const struct table_line *line = &x->table.lines.list[from->first + i];

		lines[i] = (Pprof__Line)PPROF__LINE__INIT;
		lines[i].function_id = (uint64_t)line->function + 1;
		lines[i].line = line->line;
		line_list[i] = &lines[i];
	}
	location.id = index + 1;
	location.mapping_id = mapping_of(x, from);
	location.address = from->ip;
	location.n_line = from->count;
	location.line = line_list;
	part.n_location = 1;
	part.location = list;
	add(x, &part);
	free(lines);
	free(line_list);
}

static void add_function(struct pprof *x, size_t index)
{
	const struct table_function *from = &x->table.functions.list[index];
	Pprof__Function function = PPROF__FUNCTION__INIT, *list[] = { &function };
	Pprof__Profile part = PPROF__PROFILE__INIT;

	function.id = index + 1;
	function.name = function.system_name = texts_add(&x->texts, from->name);
	function.filename = texts_add(&x->texts, from->source);
	part.n_function = 1;
	part.function = list;
	add(x, &part);
}

/* All known names are in the profile, so that pprof need not look for them in the file. */
static void add_mapping(struct pprof *x, size_t index)
{
	const struct pprof_mapping *from = &x->mappings[index];
	Pprof__Mapping mapping = PPROF__MAPPING__INIT, *list[] = { &mapping };
	Pprof__Profile part = PPROF__PROFILE__INIT;

	mapping.id = index + 1;
	mapping.memory_start = from->start;
	mapping.memory_limit = from->end;
	mapping.file_offset = from->offset;
	mapping.filename = texts_add(&x->texts, x->table.objects.list[from->object]);
	mapping.has_functions = mapping.has_filenames = mapping.has_line_numbers = mapping.has_inline_frames =
	    1;
	part.n_mapping = 1;
	part.mapping = list;
	add(x, &part);
}

static void add_head(struct pprof *x)
{
	static const char *const types[][2] = { { "faults", "count" },
						{ "major_faults", "count" },
						{ "pages", "count" },
						{ "memory", "bytes" } };
	Pprof__ValueType values[4], *list[4], period = PPROF__VALUE_TYPE__INIT;
	Pprof__Profile part = PPROF__PROFILE__INIT;
	int64_t comment =
	    texts_add(&x->texts, PACKAGE_NAME " " PACKAGE_VERSION ": pages that page faults brought in");

	for (size_t i = 0; i < 4; i++) {
		values[i] = (Pprof__ValueType)PPROF__VALUE_TYPE__INIT;
		values[i].type = texts_add(&x->texts, types[i][0]);
		values[i].unit = texts_add(&x->texts, types[i][1]);
		list[i] = &values[i];
	}
	period.type = texts_add(&x->texts, "faults");
	period.unit = texts_add(&x->texts, "count");
	part.n_sample_type = 4;
	part.sample_type = list;
	part.period_type = &period;
	part.period = 1;
	part.n_comment = 1;
	part.comment = &comment;
	part.default_sample_type = texts_add(&x->texts, "pages");
	if (x->first_ns != UINT64_MAX) {
		part.time_nanos = x->job->wall_ns ? (int64_t)(x->job->wall_ns + x->first_ns) : 0;
		part.duration_nanos = (int64_t)(x->last_ns - x->first_ns);
	}
	add(x, &part);
}

static int finish(void *context, struct err *err)
{
	struct pprof *x = context;
	Pprof__Profile texts = PPROF__PROFILE__INIT;

	texts_add(&x->texts, "");
	add_head(x);
	/* the first mapping is taken for the program's */
	for (size_t i = 0; x->table.processes.count && i < x->table.locations.count; i++)
		if (x->table.locations.list[i].object == x->table.processes.list[0].exe)
			mapping_of(x, &x->table.locations.list[i]);
	for (size_t i = 0; i < x->table.sums.count; i++)
		add_sample(x, &x->table.sums.list[i]);
	for (size_t i = 0; i < x->table.locations.count; i++)
		add_location(x, i);
	for (size_t i = 0; i < x->table.functions.count; i++)
		add_function(x, i);
	for (size_t i = 0; i < x->mapping_count; i++)
		add_mapping(x, i);
	texts.n_string_table = x->texts.count;
	texts.string_table = x->texts.list;
	add(x, &texts);
	return protobuf_print_gzip(x->job->out, x->out.text, x->out.len, err);
}

static void close(void *context)
{
	struct pprof *x = context;

	texts_fini(&x->texts);
	free(x->mappings);
	stack_table_fini(&x->table);
	strbuf_fini(&x->out);
	free(x);
}

const struct exporter export_pprof = {
	.name = "pprof",
	.binary = true,
	.help = N_("stacks by faults, pages and bytes: go tool pprof"),
	.takes_span = true,
	.takes_top = true,
	.open = open,
	.before = take,
	.finish = finish,
	.close = close,
};
