/* Lines come from a file that anyone may have made: each is read with a format that bounds its parts. */
#include "lesson/facts_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#define NAME_BYTES 200

static int log_variable(void *context, int32_t pid, const char *name, struct expect_variable *v,
			struct err *err)
{
	struct facts_log *log = context;
	int result = log->inner->ops->variable(log->inner->context, pid, name, v, err);

	if (result == 0 && strlen(name) < NAME_BYTES)
		strbuf_printf(&log->lines, "variable %d %s %" PRIx64 " %" PRIx64 " %d %d %" PRIx64 "\n",
			      (int)pid, name, v->address, v->size, v->points, v->has_value,
			      (uint64_t)v->value);
	return result;
}

static int log_byte(void *context, int32_t pid, uint64_t address, uint8_t *byte, struct err *err)
{
	struct facts_log *log = context;
	int result = log->inner->ops->byte(log->inner->context, pid, address, byte, err);

	if (result == 0)
		strbuf_printf(&log->lines, "byte %d %" PRIx64 " %x\n", (int)pid, address, *byte);
	return result;
}

static int log_frame(void *context, int32_t pid, uint64_t page, uint64_t *frame, struct err *err)
{
	struct facts_log *log = context;
	int result = log->inner->ops->frame(log->inner->context, pid, page, frame, err);

	if (result == 0)
		strbuf_printf(&log->lines, "frame %d %" PRIx64 " %" PRIx64 "\n", (int)pid, page, *frame);
	return result;
}

static int log_mappings(void *context, int32_t pid, uint64_t page, uint64_t *count, struct err *err)
{
	struct facts_log *log = context;
	int result = log->inner->ops->mappings(log->inner->context, pid, page, count, err);

	if (result == 0)
		strbuf_printf(&log->lines, "mappings %d %" PRIx64 " %" PRIx64 "\n", (int)pid, page, *count);
	return result;
}

static int log_common(void *context, int32_t a, int32_t b, uint64_t page, uint8_t *common, struct err *err)
{
	struct facts_log *log = context;
	int result = log->inner->ops->common(log->inner->context, a, b, page, common, err);

	if (result == 0)
		strbuf_printf(&log->lines, "common %d %d %" PRIx64 " %x\n", (int)a, (int)b, page, *common);
	return result;
}

static const struct expect_facts_ops log_ops = { .variable = log_variable,
						 .byte = log_byte,
						 .frame = log_frame,
						 .mappings = log_mappings,
						 .common = log_common };

static void log_moments(struct facts_log *log, const struct moments *m)
{
	for (size_t i = 0; i < m->count; i++)
		for (size_t k = 0; k < m->list[i].count; k++) {
			const struct moment_process *p = &m->list[i].processes[k];
			strbuf_printf(&log->lines, "moment %s %d %" PRIu64 " %" PRIu64 "\n", m->list[i].name,
				      (int)p->pid, p->logged, p->counted);
		}
}

void facts_log_begin(struct facts_log *log, const struct expect_facts *inner)
{
	log->inner = inner;
	log->facts = *inner;
	log->facts.ops = &log_ops;
	log->facts.context = log;
	log_moments(log, inner->moments);
}

/* What a term is called in a line: of a variable with its moment, which is not in its text. */
static void print_name(struct strbuf *out, const struct expect_term *term)
{
	strbuf_puts(out, term->text);
	if (term->kind == EXPECT_TERM_VARIABLE && term->child)
		strbuf_printf(out, " in child %u", term->child);
	if (term->kind == EXPECT_TERM_VARIABLE && term->mark && strcmp(term->mark, MOMENT_END) != 0)
		strbuf_printf(out, " at mark %s", term->mark);
}

void facts_log_keep(struct facts_log *log, const struct expect_term *term)
{
	const struct expect_value *v = &term->kept;

	if (!term->text || v->kind == VALUE_UNKNOWN || strchr(term->text, '\n'))
		return;
	strbuf_puts(&log->lines, "kept ");
	print_name(&log->lines, term);
	strbuf_printf(&log->lines, " = %d %d %" PRId64 " %" PRId64 " %s\n", (int)v->kind, (int)v->unit,
		      v->low, v->high, v->text && !strchr(v->text, '\n') ? v->text : "");
}

void facts_log_fini(struct facts_log *log)
{
	strbuf_fini(&log->lines);
}

/* The line that begins so; what follows it. NULL: there is none. */
static const char *find(const struct facts_lines *lines, const char *beginning)
{
	const char *line;

	for (unsigned i = 1; (line = lines->line(lines->context, i)); i++)
		if (text_begins(line, beginning))
			return line + strlen(beginning);
	return NULL;
}

static int unrecorded(struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "%s", _("it was not recorded"));
}

static int find_variable(void *context, int32_t pid, const char *name, struct expect_variable *v,
			 struct err *err)
{
	struct strbuf beginning = { 0 };
	int points, has_value, found;
	uint64_t value;

	*v = (struct expect_variable){ 0 };
	strbuf_printf(&beginning, "variable %d %s ", (int)pid, name);
	const char *rest = find(context, beginning.text);
	strbuf_fini(&beginning);
	found = rest ? sscanf(rest, "%" SCNx64 " %" SCNx64 " %d %d %" SCNx64, &v->address, &v->size, &points,
			      &has_value, &value)
		     : 0;
	if (found != 5)
		return unrecorded(err);
	v->points = points;
	v->has_value = has_value;
	v->value = (int64_t)value;
	return 0;
}

static int find_number(void *context, const char *what, int32_t pid, uint64_t at, uint64_t *number,
		       struct err *err)
{
	struct strbuf beginning = { 0 };

	strbuf_printf(&beginning, "%s %d %" PRIx64 " ", what, (int)pid, at);
	const char *rest = find(context, beginning.text);
	strbuf_fini(&beginning);
	return rest && sscanf(rest, "%" SCNx64, number) == 1 ? 0 : unrecorded(err);
}

static int find_byte(void *context, int32_t pid, uint64_t address, uint8_t *byte, struct err *err)
{
	uint64_t number = 0;
	int result = find_number(context, "byte", pid, address, &number, err);

	*byte = (uint8_t)number;
	return result;
}

static int find_frame(void *context, int32_t pid, uint64_t page, uint64_t *frame, struct err *err)
{
	return find_number(context, "frame", pid, page, frame, err);
}

static int find_mappings(void *context, int32_t pid, uint64_t page, uint64_t *count, struct err *err)
{
	return find_number(context, "mappings", pid, page, count, err);
}

static int find_common(void *context, int32_t a, int32_t b, uint64_t page, uint8_t *common, struct err *err)
{
	struct strbuf beginning = { 0 };
	unsigned value;

	strbuf_printf(&beginning, "common %d %d %" PRIx64 " ", (int)a, (int)b, page);
	const char *rest = find(context, beginning.text);
	strbuf_fini(&beginning);
	if (!rest || sscanf(rest, "%x", &value) != 1 || value > PAGE_COMMON_OWN)
		return unrecorded(err);
	*common = (uint8_t)value;
	return 0;
}

const struct expect_facts_ops facts_lines_ops = { .variable = find_variable,
						  .byte = find_byte,
						  .frame = find_frame,
						  .mappings = find_mappings,
						  .common = find_common };

static void take_moment(struct moments *m, const char *name, const struct moment_process *p)
{
	struct moment *moment = m->count ? &m->list[m->count - 1] : NULL;

	if (!moment || strcmp(moment->name, name)) {
		mem_grow(m->list, m->cap, m->count + 1);
		moment = &m->list[m->count++];
		*moment = (struct moment){ .name = mem_strdup(name) };
	}
	moment->processes = mem_realloc(moment->processes, (moment->count + 1) * sizeof *moment->processes);
	moment->processes[moment->count++] = *p;
}

void facts_lines_moments(const struct facts_lines *lines, struct moments *m)
{
	const char *line;
	char name[NAME_BYTES];

	for (unsigned i = 1; (line = lines->line(lines->context, i)); i++) {
		struct moment_process p = { 0 };
		if (sscanf(line, "moment %199s %" SCNd32 " %" SCNu64 " %" SCNu64, name, &p.pid, &p.logged,
			   &p.counted) == 4)
			take_moment(m, name, &p);
	}
}

void facts_lines_keep(const struct facts_lines *lines, struct expect_term *term)
{
	struct strbuf beginning = { 0 };
	struct expect_value v = { 0 };
	int kind, unit, length = 0;

	if (!term->text)
		return;
	strbuf_puts(&beginning, "kept ");
	print_name(&beginning, term);
	strbuf_puts(&beginning, " = ");
	const char *rest = find(lines, beginning.text);
	strbuf_fini(&beginning);
	if (!rest ||
	    sscanf(rest, "%d %d %" SCNd64 " %" SCNd64 " %n", &kind, &unit, &v.low, &v.high, &length) < 4 ||
	    kind < VALUE_NUMBER || kind > VALUE_TEXT || unit < VALUE_UNIT_NONE || unit > VALUE_UNIT_ADDRESS ||
	    v.low > v.high)
		return;
	v.kind = (enum value_kind)kind;
	v.unit = (enum value_unit)unit;
	if (v.kind != VALUE_NUMBER)
		v.text = mem_strdup(length ? rest + length : "");
	if (!term->mark)
		term->mark = mem_strdup(MOMENT_END);
	value_fini(&term->kept);
	term->kept = v;
	term->is_kept = true;
}
