/* html: one page for a browser, with everything in it, that needs no network.
 *
 * The page is data/html/page.html with the style sheet, the script and the data in their places. What comes
 * from the session is only in the data, encoded so that it cannot contain markup; the script shows it as text
 * and never as markup. So no name can become markup of the page. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/language.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/path.h"
#include "base/text.h"
#include "draw/shape.h"
#include "export/exporter.h"
#include "export/fork_report.h"
#include "export/growth.h"
#include "export/html_files.h"
#include "export/html_pack.h"
#include "export/html_changes.h"
#include "export/html_left.h"
#include "export/html_words.h"
#include "export/json.h"
#include "export/verdict_text.h"
#include "render/state_appearance.h"
#include "render/theme.h"
#include "verdict/report.h"
#include "verdict/verdict.h"

#define COURSES_MAX 64 /* processes with a course and a verdict of their own */

struct html_export {
	const struct export_job *job;
	struct plan plan;
	struct changes changes;
	struct html_left left;
	bool planned;
	struct growth *courses[COURSES_MAX];
	struct marks marks;
	uint64_t lost;
	struct pack pack;
	char *language; /* of its words */
};

static void *open(const struct export_job *job, struct err *err)
{
	struct html_export *h = mem_zalloc(sizeof *h);

	h->job = job;
	h->language = language_of_messages();
	plan_init(&h->plan);
	pack_init(&h->pack);
	return h;
}

static void first(void *context, const struct event *e)
{
	struct html_export *h = context;

	plan_take(&h->plan, e);
}

static void begin(struct html_export *h)
{
	if (h->planned)
		return;
	h->planned = true;
	plan_share_out(&h->plan);
	changes_init(&h->changes, &h->plan, h->job->world, h->job->names);
}

/* The figures of each process, at each whole picture. */
static void look_at_courses(struct html_export *h, const struct event *tick)
{
	size_t count = min(h->plan.process_count, COURSES_MAX);

	for (size_t i = 0; i < count && i < h->changes.seen; i++) {
		const struct plan_process *planned = &h->plan.processes[i];
		const struct process *p = world_find(h->job->world, planned->pid);

		if (!p || plan_process(&h->plan, planned->pid, h->changes.seen) != (int)i)
			continue;
		if (!h->courses[i]) {
			h->courses[i] = mem_alloc(sizeof *h->courses[i]);
			growth_init(h->courses[i], planned->pid, false);
		}
		growth_take(h->courses[i], p, tick);
	}
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct html_export *h = context;

	begin(h);
	if (e->type == EVENT_MARK)
		marks_add(&h->marks, e->time_ns, e->pid, e->mark.text);
	if (e->type == EVENT_LOST && e->lost.what != LOST_PROCESSES)
		h->lost += e->lost.count;
	changes_take(&h->changes, e);
	html_left_take(&h->left, &h->changes, e);
	if (e->type == EVENT_TICK)
		look_at_courses(h, e);
	return 0;
}

/* Times are microseconds since the beginning. */
static uint64_t us(const struct html_export *h, uint64_t time_ns)
{
	return time_ns > h->plan.begin_ns ? (time_ns - h->plan.begin_ns) / 1000 : 0;
}

static json_t *text(const char *printable)
{
	return json_from_text(printable ? printable : "");
}

static void pack_states(struct html_export *h)
{
	const struct changes *t = &h->changes;
	uint64_t before = 0;
	int64_t unit = 0;

	pack_begin(&h->pack, "state_time");
	for (size_t i = 0; i < t->states.count; i++) {
		pack_number(&h->pack, us(h, t->states.list[i].time_ns) - before);
		before = us(h, t->states.list[i].time_ns);
	}
	pack_begin(&h->pack, "state_unit");
	for (size_t i = 0; i < t->states.count; i++) {
		pack_signed(&h->pack, (int64_t)t->states.list[i].unit - unit);
		unit = (int64_t)t->states.list[i].unit + t->states.list[i].count;
	}
	pack_begin(&h->pack, "state_count");
	for (size_t i = 0; i < t->states.count; i++)
		pack_number(&h->pack, t->states.list[i].count);
	pack_begin(&h->pack, "state_value");
	for (size_t i = 0; i < t->states.count; i++)
		pack_number(&h->pack, t->states.list[i].value);
}

/* One column of the faults. */
#define PACK_FAULTS(name, expression)                                                                        \
	do {                                                                                                 \
		pack_begin(&h->pack, name);                                                                  \
		for (size_t i = 0; i < t->faults.count; i++) {                                               \
			const struct unit_fault *f = &t->faults.list[i];                                     \
			pack_number(&h->pack, expression);                                                   \
		}                                                                                            \
	} while (0)

static void pack_faults(struct html_export *h)
{
	const struct changes *t = &h->changes;
	uint64_t before = 0;
	int64_t unit = 0;

	pack_begin(&h->pack, "fault_time");
	for (size_t i = 0; i < t->faults.count; i++) {
		pack_number(&h->pack, us(h, t->faults.list[i].time_ns) - before);
		before = us(h, t->faults.list[i].time_ns);
	}
	pack_begin(&h->pack, "fault_unit");
	for (size_t i = 0; i < t->faults.count; i++) {
		pack_signed(&h->pack, (int64_t)t->faults.list[i].unit - unit);
		unit = t->faults.list[i].unit;
	}
	PACK_FAULTS("fault_page", f->page);
	PACK_FAULTS("fault_before", f->before);
	PACK_FAULTS("fault_after", f->after);
	PACK_FAULTS("fault_cause", f->cause);
	PACK_FAULTS("fault_access", f->access);
	PACK_FAULTS("fault_thread", f->thread);
	PACK_FAULTS("fault_node", f->node);
	PACK_FAULTS("fault_where", f->where);
	PACK_FAULTS("fault_stands", f->stands);
}

static void pack_flame(struct html_export *h)
{
	const struct flame *f = &h->changes.flame;

	pack_begin(&h->pack, "flame_name");
	for (size_t i = 0; i < f->count; i++)
		pack_number(&h->pack, f->nodes[i].name);
	pack_begin(&h->pack, "flame_parent");
	for (size_t i = 0; i < f->count; i++)
		pack_number(&h->pack, i - f->nodes[i].parent);
	pack_begin(&h->pack, "flame_pages");
	for (size_t i = 0; i < f->count; i++)
		pack_number(&h->pack, f->nodes[i].pages);
	pack_begin(&h->pack, "flame_faults");
	for (size_t i = 0; i < f->count; i++)
		pack_number(&h->pack, f->nodes[i].faults);
	pack_begin(&h->pack, "flame_own");
	for (size_t i = 0; i < f->count; i++)
		pack_number(&h->pack, f->nodes[i].own);
}

/* A table of texts as JSON. */
static json_t *list(const struct texts *texts)
{
	json_t *out = json_array();

	for (size_t i = 0; i < texts->count; i++)
		json_array_append_new(out, text(texts->list[i]));
	return out;
}

static json_t *course_of(const struct html_export *h, const struct growth *g)
{
	json_t *out = json_array();

	for (size_t i = 0; g && i < g->count; i++) {
		json_t *point = json_array();

		json_array_append_new(point, json_from_count(us(h, g->points[i].time_ns)));
		json_array_append_new(point, json_from_count(g->points[i].minor));
		json_array_append_new(point, json_from_count(g->points[i].major));
		for (int s = PAGE_RESERVED; s < PAGE_STATES; s++)
			json_array_append_new(point, json_from_count(g->points[i].counts[s]));
		json_array_append_new(out, point);
	}
	return out;
}

/* Which sources were not available, and why: only for a process that is still known at the end. */
static json_t *denied_of(const struct process *p)
{
	json_t *out = json_array();

	for (int i = 0; p && i < SOURCE_KINDS; i++)
		if (p->sources[i].known && !p->sources[i].ok)
			json_array_append_new(out, json_pack("[s, o]", source_kind_name((enum source_kind)i),
							     text(p->sources[i].why)));
	return out;
}

static json_t *verdict_row(const char *kind, int indent, const char *const texts[static 4])
{
	return json_pack("[s, i, o, o, o, o]", kind, indent, text(texts[0]), text(texts[1]), text(texts[2]),
			 text(texts[3]));
}

/* Which process and which look at it the verdict is about. */
static json_t *judged_row(const struct verdict *verdict)
{
	struct strbuf state = { 0 };
	json_t *row;

	verdict_put_state(&state, verdict);
	row = verdict_row("note", 0, (const char *const[]){ state.text, "", "", "" });
	strbuf_fini(&state);
	return row;
}

/* The verdict in words, at the end: what the memory is made of, and what made it grow. */
static json_t *verdict_of(const struct export_job *job, const struct process *p)
{
	static const char *const kinds[] = { [REPORT_HEADING] = "heading",
					     [REPORT_SENTENCE] = "sentence",
					     [REPORT_FIGURE] = "figure",
					     [REPORT_NOTE] = "note" };
	json_t *out = json_array();
	struct verdict verdict;
	struct report report;
	struct judged judged;

	judged = job->judge ? job->judge->look(job->judge, p) : judged_last(job->world, p);
	verdict_init(&verdict, job->world, judged.process, judged.now_ns, judged.at_end);
	json_array_append_new(out, judged_row(&verdict));
	report_init(&report, &verdict);
	for (size_t i = 0; i < report.count; i++) {
		const struct report_row *row = &report.rows[i];

		json_array_append_new(
		    out, verdict_row(kinds[row->kind], row->indent,
				     (const char *const[]){ row->label, row->value, row->note, row->share }));
	}
	report_fini(&report);
	verdict_fini(&verdict);
	return out;
}

/* The lines of `why -f` on what children copied. */
static json_t *forks(const struct html_export *h)
{
	char *lines = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&lines, &len);
	json_t *made;

	if (!out)
		return json_string("");
	fork_report_print(out, h->job->world, NULL);
	fclose(out);
	made = text(lines);
	free(lines);
	return made;
}

static json_t *processes(const struct html_export *h)
{
	json_t *out = json_array();

	for (size_t i = 0; i < h->plan.process_count; i++) {
		const struct plan_process *p = &h->plan.processes[i];
		bool latest = plan_process(&h->plan, p->pid, h->changes.seen) == (int)i;
		const struct process *known = latest ? world_find(h->job->world, p->pid) : NULL;

		json_array_append_new(
		    out, json_pack("{s:i, s:i, s:o, s:I, s:I, s:o, s:o, s:o}", "pid", (int)p->pid, "parent",
				   (int)p->parent, "command", text(p->command), "page",
				   (json_int_t)1 << p->page_shift, "born", (json_int_t)us(h, p->born_ns),
				   "course", course_of(h, i < COURSES_MAX ? h->courses[i] : NULL), "denied",
				   denied_of(known), "verdict",
				   known && i < COURSES_MAX ? verdict_of(h->job, known) : json_array()));
	}
	return out;
}

/* The region's word at its own end, or at the session's: see space_region_word(). */
static const char *word_of(const struct html_export *h, const struct plan_region *r)
{
	const struct plan_process *planned = &h->plan.processes[r->process];
	bool latest = plan_process(&h->plan, planned->pid, h->changes.seen) == (int)r->process;
	const struct process *p = latest ? world_find(h->job->world, planned->pid) : NULL;
	const struct region *region = p ? space_find_id(p->space, r->id) : NULL;

	return region ? space_region_word(p->space, region) : region_kind_name((enum region_kind)r->kind);
}

static json_t *regions(const struct html_export *h)
{
	json_t *out = json_array();

	for (size_t i = 0; i < h->plan.region_count; i++) {
		const struct plan_region *r = &h->plan.regions[i];
		char perms[5];

		json_array_append_new(
		    out,
		    json_pack("[i, I, I, I, o, i, I, I, s, s, o, o]", (int)r->process, (json_int_t)r->first,
			      (json_int_t)r->end, (json_int_t)us(h, r->born_ns),
			      r->died_ns == UINT64_MAX ? json_null() : json_from_count(us(h, r->died_ns)),
			      (int)r->shift, (json_int_t)r->unit, (json_int_t)r->units, word_of(h, r),
			      region_perms_text(perms, r->perms), text(r->name), text(r->path)));
	}
	return out;
}

/* Numbers in units of a cell's width. */
static json_t *lengths(const double *list, size_t count)
{
	json_t *out = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(out, json_real(list[i]));
	return out;
}

static json_t *colour(const struct state_appearance *appearance, enum palette palette)
{
	char text[8];

	snprintf(text, sizeof text, "#%06" PRIx32, theme_rgb(appearance->ink[palette].c256));
	return json_string(text);
}

/* Everything that the page knows about a state: its script knows no state by name or number. */
static json_t *state_row(enum page_state state)
{
	const struct state_appearance *appearance = state_appearance(state);
	struct shape_outline shape = { 0 };
	json_t *out = json_pack("{s:s, s:s, s:b, s:b, s:b, s:o, s:o}", "name", page_state_name(state),
				"meaning", state == PAGE_NONE ? "" : page_state_meaning(state), "resident",
				(int)page_state_resident(state), "touched", (int)page_state_touched(state),
				"rare", (int)appearance->rare, "light", colour(appearance, PALETTE_LIGHT),
				"dark", colour(appearance, PALETTE_DARK));

	if (!shape_outline(&shape, appearance->glyph))
		json_object_set_new(out, "letter", json_stringn(&appearance->ascii, 1));
	else if (shape.count)
		json_object_set_new(out, "corners", lengths(shape.corners, 2 * shape.count));
	else
		json_object_set_new(out, "round", lengths((double[]){ shape.radius, shape.line }, 2));
	return out;
}

static json_t *states(void)
{
	json_t *out = json_array();

	for (int s = 0; s < PAGE_STATES; s++)
		json_array_append_new(out, state_row((enum page_state)s));
	return out;
}

static json_t *notes(const struct html_export *h)
{
	json_t *out = json_array();

	for (size_t i = 0; i < h->marks.count; i++) {
		const struct mark *mark = &h->marks.items[i];
		char *shown = text_printable_dup(mark->text, strlen(mark->text));

		json_array_append_new(out,
				      json_pack("[I, o]", (json_int_t)us(h, mark->time_ns), text(shown)));
		free(shown);
	}
	return out;
}

/* What had to be left out. */
static json_t *kept(const struct html_export *h)
{
	const struct changes *t = &h->changes;

	return json_pack(
	    "{s:I, s:I, s:I, s:o, s:I, s:I, s:I, s:I}", "faults", (json_int_t)h->plan.faults, "every",
	    (json_int_t)t->faults.every, "shown", (json_int_t)t->faults.count, "coarse",
	    t->states.coarse_ns == UINT64_MAX ? json_null() : json_from_count(us(h, t->states.coarse_ns)),
	    "processes", (json_int_t)h->plan.late_processes, "regions", (json_int_t)h->plan.left_out, "lost",
	    (json_int_t)h->lost, "left", (json_int_t)h->left.dropped);
}

static json_t *head(const struct html_export *h)
{
	char *from = text_printable_dup(h->job->from, strlen(h->job->from)), wall[32] = "";
	json_t *out;

	if (h->job->wall_ns)
		clock_iso(wall, h->job->wall_ns + h->plan.begin_ns);
	out = json_pack("{s:i, s:s, s:o, s:s, s:I, s:o, s:o, s:o, s:o, s:o}", "version", 1, "program",
			PACKAGE_STRING, "from", text(path_name(from)), "wall", wall, "end",
			(json_int_t)us(h, h->plan.end_ns), "states", states(), "processes", processes(h),
			"regions", regions(h), "notes", notes(h), "kept", kept(h));
	json_object_set_new(out, "forks", forks(h));
	json_object_set_new(out, "language", json_string(h->language));
	json_object_set_new(out, "words", html_words());
	json_object_set_new(out, "forms", html_forms());
	json_object_set_new(out, "causes", list(&h->changes.causes));
	json_object_set_new(out, "reasons", list(&h->left.reasons));
	json_object_set_new(out, "threads", list(&h->changes.threads));
	json_object_set_new(out, "places", list(&h->changes.code.names));
	json_object_set_new(out, "names", list(&h->changes.flame.names));
	free(from);
	return out;
}

/* Writes the page up to a mark such as "@data@", and returns what comes after it. */
static const char *write_up_to(FILE *out, const char *page, const char *mark)
{
	const char *at = strstr(page, mark);

	fwrite(page, 1, (size_t)(at - page), out);
	return at + strlen(mark);
}

static int finish(void *context, struct err *err)
{
	struct html_export *h = context;
	FILE *out = h->job->out;
	const char *rest = html_page;

	begin(h);
	changes_end(&h->changes);
	pack_states(h);
	pack_faults(h);
	html_left_pack(&h->left, &h->pack, h->plan.begin_ns);
	pack_flame(h);
	rest = write_up_to(out, rest, "@language@");
	fputs(h->language, out);
	rest = write_up_to(out, rest, "@style@");
	fputs(html_style, out);
	rest = write_up_to(out, rest, "@noscript@");
	html_write_noscript(out);
	rest = write_up_to(out, rest, "@data@");
	if (pack_write(&h->pack, head(h), out, err) < 0)
		return -1;
	rest = write_up_to(out, rest, "@script@");
	fputs(html_script, out);
	fputs(rest, out);
	return 0;
}

static void close(void *context)
{
	struct html_export *h = context;

	for (size_t i = 0; i < COURSES_MAX; i++)
		if (h->courses[i]) {
			growth_fini(h->courses[i]);
			free(h->courses[i]);
		}
	if (h->planned)
		changes_fini(&h->changes);
	html_left_fini(&h->left);
	plan_fini(&h->plan);
	marks_fini(&h->marks);
	pack_fini(&h->pack);
	free(h->language);
	free(h);
}

const struct exporter export_html = {
	.name = "html",
	.help = N_("a page to explore in a browser, all in one file"),
	.speaks = true,
	.open = open,
	.first = first,
	.before = take,
	.finish = finish,
	.close = close,
};
