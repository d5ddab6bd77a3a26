/* speedscope: stacks by the pages that came in by them, for https://www.speedscope.app, by its file format:
 *
 *   {"$schema": ..., "shared": {"frames": [{"name": "main", "file": "demo.c"}, ...]},
 *    "profiles": [{"type": "sampled", "name": "demo-4242: pages", "unit": "none",
 *      "samples": [[0, 1, 2], ...], "weights": [17, ...], ...}, ...]}
 *
 * Each process has two profiles, by pages and by bytes. Each stack is one sample, with the sum of its faults,
 * in order of first appearance. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/path.h"
#include "export/json.h"
#include "export/stack_table.h"

#define SCHEMA "https://www.speedscope.app/file-format-schema.json"

struct speedscope {
	const struct export_job *job;
	struct stack_table table;
};

static void *open(const struct export_job *job, struct err *err)
{
	struct speedscope *s = mem_zalloc(sizeof *s);

	s->job = job;
	stack_table_init(&s->table);
	return s;
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct speedscope *s = context;

	stack_table_add(&s->table, s->job, e);
	return 0;
}

static void print_text(FILE *out, const char *text)
{
	json_print(out, json_from_text(text), JSON_ENCODE_ANY);
}

static void print_frames(FILE *out, const struct stack_table *t)
{
	fputs("\"shared\": {\"frames\": [", out);
	for (size_t i = 0; i < t->functions.count; i++) {
		fputs(i ? ",\n {\"name\": " : "\n {\"name\": ", out);
		print_text(out, t->functions.list[i].name);
		if (*t->functions.list[i].source) {
			fputs(", \"file\": ", out);
			print_text(out, t->functions.list[i].source);
		}
		fputs("}", out);
	}
	fputs("]}", out);
}

/* The functions of a stack, outermost first. */
static void print_stack(FILE *out, const struct stack_table *t, const struct table_sum *sum)
{
	const char *between = "[";

	for (size_t i = 0; i < sum->count; i++) {
		const struct table_location *location = &t->locations.list[t->ids.list[sum->first + i]];

		for (uint32_t j = location->count; j-- > 0;) {
			fprintf(out, "%s%" PRIu32, between, t->lines.list[location->first + j].function);
			between = ",";
		}
	}
	fputs("]", out);
}

static void print_profile(FILE *out, const struct stack_table *t, uint32_t process, uint64_t factor,
			  const char *word, const char *unit)
{
	const char *between = "";
	uint64_t all = 0;

	fputs("{\"type\": \"sampled\", \"name\": ", out);
	{
		struct strbuf name = { 0 };

		strbuf_printf(&name, "%s-%" PRId32 ": %s", t->processes.list[process].name,
			      t->processes.list[process].pid, word);
		print_text(out, name.text);
		strbuf_fini(&name);
	}
	fprintf(out, ", \"unit\": \"%s\",\n\"samples\": [", unit);
	for (size_t i = 0; i < t->sums.count; i++)
		if (t->sums.list[i].process == process) {
			fputs(between, out);
			print_stack(out, t, &t->sums.list[i]);
			between = ",\n";
		}
	fputs("],\n\"weights\": [", out);
	between = "";
	for (size_t i = 0; i < t->sums.count; i++)
		if (t->sums.list[i].process == process) {
			fprintf(out, "%s%" PRIu64, between, t->sums.list[i].pages * factor);
			all += t->sums.list[i].pages * factor;
			between = ",";
		}
	fprintf(out, "],\n\"startValue\": 0, \"endValue\": %" PRIu64 "}", all);
}

static int finish(void *context, struct err *err)
{
	struct speedscope *s = context;
	const struct stack_table *t = &s->table;
	FILE *out = s->job->out;

	fputs("{\"$schema\": \"" SCHEMA "\", \"exporter\": \"" PACKAGE_NAME " " PACKAGE_VERSION
	      "\", \"name\": ",
	      out);
	print_text(out, path_name(s->job->from));
	fputs(",\n\"activeProfileIndex\": 0,\n", out);
	print_frames(out, t);
	fputs(",\n\"profiles\": [", out);
	for (uint32_t i = 0; i < t->processes.count; i++) {
		fputs(i ? ",\n" : "\n", out);
		print_profile(out, t, i, 1, "pages", "none");
		fputs(",\n", out);
		print_profile(out, t, i, t->processes.list[i].page_size, "bytes", "bytes");
	}
	fputs("]}\n", out);
	return 0;
}

static void close(void *context)
{
	struct speedscope *s = context;

	stack_table_fini(&s->table);
	free(s);
}

const struct exporter export_speedscope = {
	.name = "speedscope",
	.help = N_("stacks by pages and bytes brought in: speedscope.app"),
	.takes_span = true,
	.takes_top = true,
	.open = open,
	.before = take,
	.finish = finish,
	.close = close,
};
