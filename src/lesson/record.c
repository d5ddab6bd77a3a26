#include "lesson/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/names.h"

#define FILES_MAX 64
#define LINES_MAX 100000 /* of one file */
#define INDEX "lesson:index"
#define FRAMES 64   /* of a place, that are kept */
#define PROCESSES 8 /* in which places are looked for */

static void send_lines(const struct world *world, int32_t pid, struct sink *sink, const char *path,
		       const char *text)
{
	struct event e = { .type = EVENT_LINES, .pid = pid, .time_ns = world->now_ns };

	e.lines.path = path;
	e.lines.first = 1;
	e.lines.text = text;
	sink_send(sink, &e);
}

static void send_file(const struct world *world, int32_t pid, struct sink *sink, const char *name,
		      const char *text)
{
	struct strbuf path = { 0 };

	strbuf_printf(&path, "lesson:%s", name);
	send_lines(world, pid, sink, path.text, text);
	strbuf_fini(&path);
}

void lesson_record_texts(const struct lesson_folder *f, const struct world *world, int32_t pid,
			 struct sink *sink)
{
	struct strbuf index = { 0 };

	strbuf_printf(&index, "%s\n%s", f->name, f->source_name);
	for (size_t i = 0; i < f->file_count; i++) {
		strbuf_printf(&index, "\n%s", f->files[i].name);
		send_file(world, pid, sink, f->files[i].name, f->files[i].text);
	}
	send_file(world, pid, sink, f->source_name, f->source);
	send_lines(world, pid, sink, INDEX, index.text);
	strbuf_fini(&index);
}

static int log_term(void *context, struct expect_term *term, unsigned line)
{
	struct facts_log *log = context;

	if (term->mark) {
		facts_log_keep(log, term);
		return 0;
	}
	if (term->kind == EXPECT_TERM_FIGURE || term->kind == EXPECT_TERM_VARIABLE) {
		struct expect_value v = expect_evaluate(&log->facts, term);
		value_fini(&v);
	}
	return 0;
}

static bool is_mapped(const struct process *p, uint64_t page)
{
	enum page_state state = page_state(runs_at(p->space->pages, page).value);

	return page_state_mapped(state);
}

/* Where it is, and the frames of its first pages. */
static void log_place_of(struct facts_log *log, const struct expect_place *place, const struct process *p)
{
	struct expect_where where = { 0 };
	struct expect_value unknown = { 0 };
	uint64_t frame;

	if (expect_find_place(&log->facts, p, place, &where, &unknown) && where.count)
		for (uint64_t i = where.spans[0].first;
		     i < where.spans[0].end && i < where.spans[0].first + FRAMES; i++)
			if (is_mapped(p, i))
				log->facts.ops->frame(log, p->pid, i, &frame, NULL);
	expect_where_fini(&where);
	value_fini(&unknown);
}

static void log_place(struct facts_log *log, const struct expect_place *place)
{
	const struct world *world = log->facts.world;

	for (size_t i = 0; place && i < world->count && i < PROCESSES; i++)
		log_place_of(log, place, world->processes[i]);
}

static void log_expect(struct facts_log *log, const struct expect *e)
{
	struct expect_result r;

	expect_judge(&log->facts, e, &r);
	expect_result_fini(&r);
}

static void log_step(struct facts_log *log, const struct lesson *l, const struct lesson_step *step)
{
	const struct lesson_shows *shows = lesson_step_shows(l, step);

	for (size_t i = 0; i < shows->count; i++)
		log_place(log, shows->list[i].place);
	for (size_t i = 0; i < step->question.right_count; i++)
		log_place(log, step->question.rights[i].place);
	for (size_t i = 0; i < step->expect_count; i++)
		log_expect(log, step->expects[i].expect);
	for (size_t i = 0; i < step->question.choice_count; i++)
		log_expect(log, step->question.choices[i].when);
	lesson_visit_step(step, log_term, log);
}

static bool begins_stop(const struct lesson *l, size_t step)
{
	const struct lesson_step *a = &l->steps[step], *b = step ? a - 1 : NULL;

	return !b || strcmp(a->mark, b->mark) || a->pass != b->pass || a->in_child != b->in_child;
}

void lesson_record_step(const struct lesson *l, size_t step, const struct expect_facts *facts,
			struct sink *sink)
{
	struct facts_log log = { 0 };
	struct strbuf name = { 0 };
	struct event e = { .type = EVENT_MARK, .pid = facts->pid, .time_ns = facts->world->now_ns };

	facts_log_begin(&log, facts);
	log_step(&log, l, &l->steps[step]);
	strbuf_puts(&log.lines, "end");
	strbuf_printf(&name, "step/%zu", step + 1);
	send_file(facts->world, facts->pid, sink, name.text, log.lines.text);
	e.mark.text = l->steps[step].mark;
	if (begins_stop(l, step))
		sink_send(sink, &e);
	strbuf_fini(&name);
	facts_log_fini(&log);
}

/* Reading. The first process has the texts: it is the program. */

static const struct names *names_of(const struct world *world)
{
	return world->count ? world->processes[0]->names : NULL;
}

/* All lines of a file, put together; NULL: there is none. */
static char *read_lines(const struct names *names, const char *name, size_t *length)
{
	struct strbuf path = { 0 }, text = { 0 };
	const char *line;

	strbuf_printf(&path, "lesson:%s", name);
	for (uint32_t i = 1; i < LINES_MAX && (line = names_line(names, path.text, i)); i++)
		strbuf_printf(&text, "%s\n", line);
	strbuf_fini(&path);
	*length = text.len;
	return text.text;
}

static bool read_one(const struct names *names, const char *name, struct lesson_file *file)
{
	*file = (struct lesson_file){ .text = read_lines(names, name, &file->length) };
	if (!file->text)
		return false;
	file->length = strlen(file->text);
	file->name = mem_strdup(name);
	return true;
}

struct lesson_folder *lesson_recorded_folder(const struct world *world, const char *language, struct err *err)
{
	const struct names *names = names_of(world);
	const char *name = names ? names_line(names, INDEX, 1) : NULL, *line;
	struct lesson_file *files = mem_zalloc(FILES_MAX * sizeof *files), source = { 0 };
	struct lesson_folder *folder = NULL;
	size_t count = 0;

	if (name && (line = names_line(names, INDEX, 2)))
		read_one(names, line, &source);
	for (uint32_t i = 3; source.text && count < FILES_MAX && (line = names_line(names, INDEX, i)); i++)
		count += read_one(names, line, &files[count]);
	if (source.text) {
		folder = lesson_folder_of_files(name, files, count, &source, language, err);
	} else {
		err_set(err, ERR_NOT_FOUND, "%s", _("there is no lesson in the recording"));
		free(files);
	}
	free(source.name);
	free(source.text);
	return folder;
}

char *lesson_recorded_path(size_t step)
{
	struct strbuf path = { 0 };

	strbuf_printf(&path, "lesson:step/%zu", step + 1);
	return path.text;
}

bool lesson_recorded_has(const struct world *world, size_t step)
{
	const struct names *names = names_of(world);
	char *path = lesson_recorded_path(step);
	bool has = names && names_line(names, path, 1);

	free(path);
	return has;
}

static const char *line_of_step(void *context, unsigned number)
{
	const struct recorded_facts *r = context;

	return names_line(r->names, r->path, number);
}

static int keep(void *context, struct expect_term *term, unsigned line)
{
	const struct recorded_facts *r = context;

	facts_lines_keep(&r->lines, term);
	return 0;
}

static void name_places(struct recorded_facts *r, const struct lesson_shows *shows)
{
	for (size_t i = 0; i < shows->count; i++) {
		if (shows->list[i].place->kind != EXPECT_PLACE_VARIABLE || !shows->list[i].place->length)
			continue;
		mem_grow(r->named, r->named_cap, r->named_count + 1);
		r->named[r->named_count++] =
		    (struct expect_named){ shows->list[i].name, shows->list[i].place };
	}
}

void recorded_facts_init(struct recorded_facts *r, const struct world *world, struct lesson *l, size_t step)
{
	*r = (struct recorded_facts){ .names = names_of(world), .path = lesson_recorded_path(step) };
	r->lines = (struct facts_lines){ line_of_step, r };
	facts_lines_moments(&r->lines, &r->moments);
	name_places(r, &l->shows);
	for (size_t i = 0; i < l->step_count; i++)
		name_places(r, &l->steps[i].shows);
	lesson_visit_step(&l->steps[step], keep, r);
	r->facts = (struct expect_facts){ .world = world,
					  .pid = world->processes[0]->pid,
					  .moments = &r->moments,
					  .named = r->named,
					  .named_count = r->named_count,
					  .ops = &facts_lines_ops,
					  .context = &r->lines };
}

void recorded_facts_fini(struct recorded_facts *r)
{
	free(r->path);
	free(r->named);
	moments_fini(&r->moments);
}
