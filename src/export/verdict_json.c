/* Sizes are in bytes; what is not known is absent, and `unknown` gives the reasons by group of figures:
 *
 *   {"schema": "pagescape.verdict/1", "pid": 4242, "command": ["./demo"], "time": "2026-11-22T10:15:00.123Z",
 *    "from": "sums", "rss": 44564480, "parts": {"file_clean": 3158016, ...}, "file_dirty_at_least": false,
 *    "copies": ..., "pss": ..., "own": ..., "locked": ..., "huge": ..., "swap": ..., "reserved": ...,
 *    "figures": {"page_tables": 131072, "cgroup_charge": ..., "cgroup_limit": null, ...},
 *    "cgroup": "/user.slice", "nodes": [44564480], "unknown": {"bytes": "..."},
 *    "owners": [{"owner": "glibc-arenas", "name": "", "sure": "certain", "ground": "...", "regions": 16,
 *                "reserved": ..., "resident": ..., "swapped": ...}, ...],
 *    "growth": {"span": 12.4, "stayed": ..., "net": ..., "came": ..., "unseen": ..., "user_only": false,
 *               "functions": [{"name": "cache_insert", "who": "function", "object": "leak", "source": "leak.c:31",
 *                              "bytes": ...}], ...},
 *    "sentences": [{"about": "growth", "says": "...", "evidence": "...", "remedy": "..."}, ...]}
 *
 * A limit that does not exist is null. */
#include "export/verdict_json.h"

#include "base/i18n.h"
#include "base/signal_name.h"
#include "export/family_table.h"
#include "export/fork_report.h"
#include "export/json.h"

static void set_size(json_t *object, const char *name, uint64_t bytes)
{
	if (bytes == KERNEL_NONE)
		json_object_set_new(object, name, json_null());
	else if (figure_known(bytes))
		json_object_set_new(object, name, json_from_count(bytes));
}

/* Sets it only if the verdict is of an earlier moment. */
static void set_signal(json_t *object, const struct process *last)
{
	char name[16];

	if (last->status == PROCESS_KILLED)
		json_object_set_new(object, "signal", json_string(signal_name(last->status_code, name)));
}

static void set_at_end(json_t *object, uint64_t bytes)
{
	if (bytes < KERNEL_NONE)
		set_size(object, "resident_at_end", bytes);
}

static void set_text(json_t *object, const char *name, const char *text)
{
	json_object_set_new(object, name, json_from_text(text));
}

static void set_command(json_t *object, const struct process *p)
{
	json_t *words = json_array();

	for (size_t i = 0; p->identity.argv && p->identity.argv[i]; i++)
		json_array_append_new(words, json_from_text(p->identity.argv[i]));
	json_object_set_new(object, "command", words);
}

static void set_amounts(json_t *object, const struct amounts *a)
{
	json_t *parts = json_object();

	json_object_set_new(object, "from", json_string(a->from_sums ? "sums" : "pages"));
	json_object_set_new(object, "from_time", json_real((double)a->taken_ns / 1e9));
	set_size(object, "rss", a->rss);
	for (int part = 0; part < AMOUNT_PARTS; part++)
		set_size(parts, part_name((enum amount_part)part), a->parts[part]);
	json_object_set_new(object, "parts", parts);
	json_object_set_new(object, "file_dirty_at_least", json_boolean(a->dirty_at_least));
	set_size(object, "file", a->file);
	set_size(object, "copies", a->copies);
	set_size(object, "pss", a->pss);
	set_size(object, "own", a->own);
	set_size(object, "shared_since_fork", a->fork);
	set_size(object, "locked", a->locked);
	set_size(object, "huge", a->huge);
	set_size(object, "hugetlb", a->hugetlb);
	set_size(object, "zero_page", a->zero_page);
	set_size(object, "swap", a->swap);
	set_size(object, "reserved", a->reserved);
	set_size(object, "regions", a->regions);
}

static void set_figures(json_t *object, const struct process_figures *p)
{
	json_t *figures = json_object(), *unknown = json_object(), *nodes = json_array();
	const struct kernel_figures *f = &p->read;

	for (int i = 0; i < KERNEL_FIGURES; i++)
		set_size(figures, figure_name((enum kernel_figure)i), f->values[i]);
	for (int i = 0; i < FIGURE_GROUPS; i++)
		if (f->refused[i])
			set_text(unknown, figure_group_name((enum figure_group)i), f->why[i]);
	if (!p->known)
		set_text(unknown, "figures", _("the kernel's own figures were not read"));
	for (size_t i = 0; i < f->nodes_count; i++)
		json_array_append_new(nodes, json_from_count(f->nodes[i]));
	json_object_set_new(object, "figures", figures);
	if (p->known)
		json_object_set_new(object, "figures_time", json_real((double)p->time_ns / 1e9));
	if (f->cgroup)
		set_text(object, "cgroup", f->cgroup);
	json_object_set_new(object, "nodes", nodes);
	json_object_set_new(object, "unknown", unknown);
}

static json_t *owners_json(const struct owners *o)
{
	json_t *list = json_array();

	for (size_t i = 0; i < o->count; i++) {
		const struct owner *owner = &o->list[i];
		json_t *object = json_object();

		json_object_set_new(object, "owner", json_string(owner_kind_name(owner->kind)));
		set_text(object, "name", owner->name);
		if (owner->ground)
			json_object_set_new(object, "sure", json_string(owner_sure_name(owner->sure)));
		if (owner->ground)
			set_text(object, "ground", _(owner->ground));
		set_size(object, "regions", owner->regions);
		set_size(object, "with_rights", owner->parts);
		if (owner->heaps)
			set_size(object, "heaps", owner->heaps);
		set_size(object, "reserved", owner->reserved);
		set_size(object, "resident", owner->resident);
		set_size(object, "swapped", owner->swapped);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *rows_json(const struct arrival_rows *rows, bool functions)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rows->count; i++) {
		const struct arrival_row *row = &rows->list[i];
		json_t *object = json_object();

		set_text(object, "name", row->name);
		if (functions)
			json_object_set_new(object, "who", json_string(arrival_who_name(row->who)));
		if (*row->object)
			set_text(object, "object", row->object);
		if (*row->source)
			set_text(object, "source", row->source);
		if (row->start)
			json_object_set_new(object, "start", json_from_address(row->start));
		set_size(object, "bytes", row->bytes);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *growth_json(const struct arrivals *g)
{
	json_t *object = json_object();

	json_object_set_new(object, "span", json_real((double)g->span_ns / 1e9));
	set_size(object, "stayed", g->stayed);
	if (g->net_known)
		json_object_set_new(object, "net", json_integer(g->net));
	set_size(object, "peak_seen", g->peak);
	set_size(object, "came", g->came);
	set_size(object, "unseen", g->unseen);
	json_object_set_new(object, "user_only", json_boolean(g->user_only));
	json_object_set_new(object, "functions", rows_json(&g->functions, true));
	json_object_set_new(object, "files", rows_json(&g->files, false));
	json_object_set_new(object, "regions", rows_json(&g->regions, false));
	return object;
}

static json_t *sentences_json(const struct verdict *v)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->sentences_count; i++) {
		const struct sentence *s = &v->sentences[i];
		json_t *object = json_object();

		json_object_set_new(object, "about", json_string(sentence_kind_name(s->kind)));
		set_text(object, "says", s->says);
		set_text(object, "evidence", s->evidence);
		if (*s->remedy)
			set_text(object, "remedy", s->remedy);
		json_array_append_new(list, object);
	}
	return list;
}

void verdict_print_json(FILE *out, const struct verdict *v, const struct world *world, struct source *source,
			const char *time)
{
	json_t *object = json_object();

	json_object_set_new(object, "schema", json_string("pagescape.verdict/1"));
	json_object_set_new(object, "pid", json_integer(v->facts.process->pid));
	set_command(object, v->facts.process);
	json_object_set_new(object, "time", json_string(time));
	json_object_set_new(object, "ended", json_boolean(facts_ended(&v->facts)));
	set_signal(object, facts_last(&v->facts));
	set_at_end(object, v->facts.at_end);
	set_amounts(object, &v->facts.amounts);
	set_figures(object, &v->facts.process->figures);
	json_object_set_new(object, "owners", owners_json(&v->facts.owners));
	if (v->facts.arrivals.known)
		json_object_set_new(object, "growth", growth_json(&v->facts.arrivals));
	json_object_set_new(object, "sentences", sentences_json(v));
	if (world && world->count > 1) {
		json_object_set_new(object, "processes", family_table_json(world));
		json_object_set_new(object, "forks", fork_report_json(world, source));
	}
	if (world)
		family_table_set_unseen(object, world);
	json_print(out, object, JSON_INDENT(2));
	fputc('\n', out);
}
