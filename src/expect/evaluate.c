/* From the tree to values. */
#include "expect/evaluate.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/signal_name.h"
#include "base/mem.h"
#include "expect/figure.h"
#include "expect/figure_faults.h"
#include "expect/figure_pages.h"

#define ERRNO_MAX 200
#define PAGES_MAX INT64_C(1048576) /* of `frame of` and such: never needed for more than one */

void expect_where_fini(struct expect_where *w)
{
	free(w->spans);
	*w = (struct expect_where){ 0 };
}

const struct process *expect_process(const struct expect_facts *facts, unsigned child)
{
	const struct process *program = world_find(facts->world, facts->pid);

	if (!child)
		return program;
	for (size_t i = 0; i < facts->world->count; i++) {
		const struct process *p = facts->world->processes[i];
		if (p->parent && p != program && p->parent == facts->pid && !--child)
			return p;
	}
	return NULL;
}

static uint64_t page_size(const struct expect_facts *facts)
{
	const struct process *p = world_find(facts->world, facts->pid);

	return UINT64_C(1) << (p ? p->space->page_shift : 12);
}

static int find_variable(const struct expect_facts *facts, int32_t pid, const char *name,
			 struct expect_variable *v, struct err *err)
{
	if (!facts->ops || !facts->ops->variable)
		return err_set(err, ERR_UNSUPPORTED, _("the value of %s is not known here"), name);
	return facts->ops->variable(facts->context, pid, name, v, err);
}

static void add_span(struct expect_where *w, uint64_t first, uint64_t end)
{
	if (first >= end)
		return;
	mem_grow(w->spans, w->cap, w->count + 1);
	w->spans[w->count++] = (struct page_span){ first, end };
}

/* [start, end) in addresses; all pages that it touches. */
static void set_range(struct expect_where *w, uint64_t start, uint64_t end)
{
	unsigned shift = w->process->space->page_shift;

	w->address = start;
	w->end = end;
	add_span(w, start >> shift, end > start ? ((end - 1) >> shift) + 1 : start >> shift);
}

/* Does a region of code or data belong to the program itself, and not to a library? */
static bool is_of_program(const struct process *p, size_t i)
{
	const struct region *r = p->space->regions[space_file_region(p->space, i)];

	return p->identity.exe && region_is_of_file(&r->attr, p->identity.exe);
}

static bool region_fits(const struct process *p, size_t i, const struct expect_place *place)
{
	const struct region_attr *a = &p->space->regions[i]->attr;
	int kind = place->region;

	if (kind >= 0 && a->kind != kind)
		return false;
	if (place->name)
		return !strcmp(a->path, place->name) || !strcmp(region_name(a), place->name);
	return kind != REGION_TEXT && kind != REGION_RODATA && kind != REGION_DATA && kind != REGION_BSS
		   ? true
		   : is_of_program(p, i);
}

static bool find_regions(const struct expect_place *place, struct expect_where *w)
{
	const struct space *s = w->process->space;

	for (size_t i = 0; i < s->count; i++) {
		if (place->kind == EXPECT_PLACE_REGIONS && !region_fits(w->process, i, place))
			continue;
		if (!w->count)
			w->address = s->regions[i]->attr.start;
		w->end = s->regions[i]->attr.end;
		add_span(w, region_first(s, s->regions[i]), region_end(s, s->regions[i]));
	}
	return true;
}

/* Evaluates a term to a number that has to be exact; false with *unknown. */
static bool exact(const struct expect_facts *facts, const struct expect_term *term, struct expect_value *out,
		  struct expect_value *unknown)
{
	*out = expect_evaluate(facts, term);
	if (out->kind == VALUE_NUMBER && out->low == out->high)
		return true;
	*unknown = out->kind == VALUE_UNKNOWN
		       ? *out
		       : value_unknown(_("an address or a page needs an exact number"));
	if (out->kind != VALUE_UNKNOWN)
		value_fini(out);
	return false;
}

static uint64_t bytes_of(const struct expect_facts *facts, const struct expect_value *v)
{
	uint64_t bytes = (uint64_t)v->low;

	if (v->low < 0)
		return 0;
	return v->unit == VALUE_UNIT_PAGES && __builtin_mul_overflow(bytes, page_size(facts), &bytes)
		   ? INT64_MAX
		   : bytes;
}

static uint64_t end_of(uint64_t start, uint64_t length)
{
	return length > (UINT64_C(1) << 62) || start > (UINT64_C(1) << 62) ? start : start + length;
}

static bool set_length(const struct expect_facts *facts, const struct expect_term *length, uint64_t start,
		       struct expect_where *w, struct expect_value *unknown)
{
	struct expect_value v;

	if (!exact(facts, length, &v, unknown))
		return false;
	set_range(w, start, end_of(start, bytes_of(facts, &v)));
	return true;
}

static const struct expect_term *named_length(const struct expect_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->named_count; i++)
		if (!strcmp(facts->named[i].name, name))
			return facts->named[i].place->length;
	return NULL;
}

static bool find_variable_place(const struct expect_facts *facts, const struct expect_place *place,
				struct expect_where *w, struct expect_value *unknown)
{
	const struct expect_term *length = place->length;
	struct expect_variable v;
	struct err err = { 0 };

	if (find_variable(facts, w->process->pid, place->name, &v, &err) < 0) {
		*unknown = value_unknown(err.text);
		return false;
	}
	uint64_t start = v.points && v.has_value ? (uint64_t)v.value : v.address;
	if (!length)
		length = named_length(facts, place->name);
	if (length)
		return set_length(facts, length, start, w, unknown);
	if (!v.points) {
		set_range(w, start, end_of(start, v.size ? v.size : 1));
		return true;
	}
	const struct region *r = space_find(w->process->space, start);
	set_range(w, r ? r->attr.start : start, r ? r->attr.end : start + 1);
	w->address = start;
	return true;
}

static bool find_pages(const struct expect_facts *facts, const struct expect_place *place,
		       struct expect_where *w, struct expect_value *unknown)
{
	struct expect_value from, to;
	struct expect_where inner = { 0 };

	if (!exact(facts, place->from, &from, unknown) ||
	    !exact(facts, place->to ? place->to : place->from, &to, unknown))
		return false;
	if (!expect_find_place(facts, w->process, place->inner, &inner, unknown)) {
		expect_where_fini(&inner);
		return false;
	}
	unsigned shift = w->process->space->page_shift;
	uint64_t first = inner.address >> shift, end = (inner.end ? inner.end - 1 : 0) >> shift;
	expect_where_fini(&inner);
	if (from.low < 0 || to.low < from.low || to.low >= PAGES_MAX * PAGES_MAX ||
	    first + (uint64_t)to.low > end) {
		*unknown = value_unknown(_("the place has no such page"));
		return false;
	}
	uint64_t start = (first + (uint64_t)from.low) << shift;
	if (!place->address) {
		set_range(w, start, (first + (uint64_t)to.low + 1) << shift);
		return true;
	}
	if (!exact(facts, place->address, &from, unknown))
		return false;
	start = end_of(start, bytes_of(facts, &from));
	set_range(w, start, start + 1);
	return true;
}

bool expect_find_place(const struct expect_facts *all, const struct process *process,
		       const struct expect_place *place, struct expect_where *w, struct expect_value *unknown)
{
	struct expect_facts own = *all; /* variables in it are the process's own */
	const struct expect_facts *facts = &own;
	struct expect_value v;

	own.pid = process->pid;
	*w = (struct expect_where){ .process = process };
	switch (place->kind) {
	case EXPECT_PLACE_EVERYTHING:
	case EXPECT_PLACE_REGIONS:
		return find_regions(place, w);
	case EXPECT_PLACE_VARIABLE:
		return find_variable_place(facts, place, w, unknown);
	case EXPECT_PLACE_PAGES:
		return find_pages(facts, place, w, unknown);
	case EXPECT_PLACE_ADDRESS:
		if (!exact(facts, place->address, &v, unknown))
			return false;
		if (place->length)
			return set_length(facts, place->length, (uint64_t)v.low, w, unknown);
		set_range(w, (uint64_t)v.low, (uint64_t)v.low + 1);
		return true;
	case EXPECT_PLACE_FUNCTION:
		break;
	}
	*unknown = value_unknown("");
	return false;
}

int expect_errno(const char *name)
{
	for (int i = 1; i < ERRNO_MAX; i++) {
		const char *known = err_name(i);
		if (known && !strcmp(known, name))
			return i;
	}
	return 0;
}

static struct expect_value variable_value(const struct expect_facts *facts, const struct expect_term *term)
{
	const struct process *p = expect_process(facts, term->child);
	struct expect_variable v;
	struct err err = { 0 };
	int number = expect_errno(term->text);

	if (number)
		return value_number(number, VALUE_UNIT_NONE);
	if (!p)
		return value_unknown(_("there is no such process"));
	if (find_variable(facts, p->pid, term->text, &v, &err) < 0)
		return value_unknown(err.text);
	if (v.points && v.has_value)
		return value_number(v.value, VALUE_UNIT_ADDRESS);
	if (!v.has_value) /* an array, or a structure: where it is */
		return value_number((int64_t)v.address, VALUE_UNIT_ADDRESS);
	return value_number(v.value * term->number, term->unit);
}

static struct expect_value output_of(const struct process *p)
{
	struct strbuf text = { 0 };

	for (size_t back = OUTPUT_LINES + 1; back-- > 0;) {
		const char *line = output_line(&p->output, back);
		if (line)
			strbuf_printf(&text, "%s%s", line, back ? "\n" : "");
	}
	struct expect_value v = value_text(text.text ? text.text : "");
	strbuf_fini(&text);
	return v;
}

static struct expect_value signal_of(const struct process *p)
{
	char buf[16];

	if (p->status == PROCESS_GONE)
		return value_unknown(_("how the process ended is not known"));
	return value_word(p->status == PROCESS_KILLED ? signal_name(p->status_code, buf) : "none");
}

static struct expect_value status_of(const struct process *p)
{
	if (p->status == PROCESS_GONE)
		return value_unknown(_("how the process ended is not known"));
	return value_word(p->status == PROCESS_EXITED   ? "exited"
			  : p->status == PROCESS_KILLED ? "killed"
							: "running");
}

static int64_t count_children(const struct expect_facts *facts, const struct process *of)
{
	int64_t count = 0;

	for (size_t i = 0; i < facts->world->count; i++)
		count += facts->world->processes[i]->parent == of->pid;
	return count;
}

static struct expect_value of_process(const struct expect_facts *facts, const struct figure *f,
				      const struct process *p)
{
	switch (f->id) {
	case FIGURE_OUTPUT:
		return output_of(p);
	case FIGURE_STATUS:
		return status_of(p);
	case FIGURE_SIGNAL:
		return signal_of(p);
	case FIGURE_EXIT:
		return p->status == PROCESS_EXITED ? value_number(p->status_code, VALUE_UNIT_NONE)
						   : value_unknown(_("the process has not exited"));
	case FIGURE_THREADS:
		return p->counters.known ? value_number(p->counters.now.threads, VALUE_UNIT_NONE)
					 : value_unknown(_("the threads were not counted"));
	case FIGURE_CHILDREN:
		return value_number(count_children(facts, p), VALUE_UNIT_NONE);
	default:
		return value_number(INT64_C(1) << p->space->page_shift, VALUE_UNIT_BYTES);
	}
}

static struct expect_value of_page(const struct expect_facts *facts, const struct figure *f,
				   const struct expect_where *w)
{
	const struct expect_facts_ops *ops = facts->ops;
	int32_t pid = w->process->pid;
	uint64_t page = space_page(w->process->space, w->address), number = 0;
	struct err err = { 0 };
	uint8_t byte = 0;
	int result;

	if (!ops || !ops->byte || !ops->frame || !ops->mappings)
		return value_unknown(_("this is not kept once the process is gone"));
	if (f->id == FIGURE_BYTE) {
		result = ops->byte(facts->context, pid, w->address, &byte, &err);
		number = byte;
	} else if (f->id == FIGURE_FRAME) {
		result = ops->frame(facts->context, pid, page, &number, &err);
	} else {
		result = ops->mappings(facts->context, pid, page, &number, &err);
	}
	return result < 0 ? value_unknown(err.text) : value_number((int64_t)number, VALUE_UNIT_NONE);
}

/* The vsyscall page is out of reach of our numbers. */
static struct expect_value value_address(uint64_t address)
{
	if (address >= INT64_MAX)
		return value_unknown(_("the address is larger than any number can be here"));
	return value_number((int64_t)address, VALUE_UNIT_ADDRESS);
}

static struct expect_value of_place(const struct expect_facts *facts, const struct expect_term *term,
				    const struct expect_where *w)
{
	const struct figure *f = term->figure;

	if (term->of_fault)
		return figure_of_fault(f, w);
	if (f->about == FIGURE_ABOUT_PAGES)
		return figure_count_pages(f, term->detail, w);
	if (!w->count)
		return value_unknown(_("there is no such place"));
	if (f->id == FIGURE_START || f->id == FIGURE_END)
		return value_address(f->id == FIGURE_START ? w->address : w->end);
	if (f->id == FIGURE_FRAME || f->id == FIGURE_MAPPINGS || f->id == FIGURE_BYTE)
		return of_page(facts, f, w);
	return figure_of_region(f, w);
}

static struct expect_value figure_value(const struct expect_facts *facts, const struct expect_term *term)
{
	static const struct expect_place everything = { .kind = EXPECT_PLACE_EVERYTHING, .region = -1 };
	const struct process *p = expect_process(facts, term->child);
	struct expect_where where;
	struct expect_value v;

	if (!p)
		return value_unknown(_("there is no such process"));
	if (term->figure->about <= FIGURE_ABOUT_PROCESS)
		return of_process(facts, term->figure, p);
	if (term->figure->about == FIGURE_ABOUT_FAULTS && !term->place)
		return figure_count_faults(facts, p, NULL, &term->faults);
	if (expect_find_place(facts, p, term->place ? term->place : &everything, &where, &v))
		v = term->figure->about == FIGURE_ABOUT_FAULTS && !term->of_fault
			? figure_count_faults(facts, p, &where, &term->faults)
			: of_place(facts, term, &where);
	expect_where_fini(&where);
	return v;
}

struct expect_value expect_evaluate(const struct expect_facts *facts, const struct expect_term *term)
{
	if (term->mark)
		return term->is_kept ? value_copy(&term->kept)
				     : value_unknown(_("the program has not reached the mark"));
	switch (term->kind) {
	case EXPECT_TERM_NUMBER:
		return value_number(term->number, term->unit);
	case EXPECT_TERM_TEXT:
		return value_text(term->text);
	case EXPECT_TERM_WORD:
		return value_word(term->text);
	case EXPECT_TERM_VARIABLE:
		return variable_value(facts, term);
	case EXPECT_TERM_JOIN:
		return value_join(term->op, expect_evaluate(facts, term->left),
				  expect_evaluate(facts, term->right), page_size(facts));
	case EXPECT_TERM_FIGURE:
		return figure_value(facts, term);
	}
	return value_unknown("");
}

void expect_keep(const struct expect_facts *facts, struct expect_term *term)
{
	char *mark = term->mark;

	term->mark = NULL;
	value_fini(&term->kept);
	term->kept = expect_evaluate(facts, term);
	term->is_kept = true;
	term->mark = mark;
}

void expect_keep_last(const struct expect_facts *facts, struct expect_term *term)
{
	bool later = term->kind == EXPECT_TERM_FIGURE && term->figure->about == FIGURE_ABOUT_NOTHING;

	if (term->mark || later || (term->kind != EXPECT_TERM_FIGURE && term->kind != EXPECT_TERM_VARIABLE))
		return;
	expect_keep(facts, term);
	term->mark = mem_strdup(MOMENT_END);
}

void expect_result_fini(struct expect_result *r)
{
	value_fini(&r->left);
	free(r->why);
	*r = (struct expect_result){ 0 };
}

/* Two frames of one address in two processes may be known to differ even if their numbers cannot be read. */
static bool compare_frames(const struct expect_facts *facts, const struct expect_term *a,
			   const struct expect_term *b, enum expect_outcome *out)
{
	const struct process *pa, *pb;
	struct expect_where wa, wb = { 0 };
	struct expect_value unknown = { 0 };
	uint8_t common = PAGE_COMMON_UNKNOWN;
	bool found;

	if (a->kind != EXPECT_TERM_FIGURE || b->kind != EXPECT_TERM_FIGURE || a->figure->id != FIGURE_FRAME ||
	    b->figure->id != FIGURE_FRAME || a->mark || b->mark || !facts->ops || !facts->ops->common)
		return false;
	pa = expect_process(facts, a->child);
	pb = expect_process(facts, b->child);
	if (!pa || !pb || pa == pb)
		return false;
	found = expect_find_place(facts, pa, a->place, &wa, &unknown) &&
		expect_find_place(facts, pb, b->place, &wb, &unknown) &&
		space_page(pa->space, wa.address) == space_page(pb->space, wb.address) &&
		facts->ops->common(facts->context, pa->pid, pb->pid, space_page(pa->space, wa.address),
				   &common, NULL) == 0;
	expect_where_fini(&wa);
	expect_where_fini(&wb);
	value_fini(&unknown);
	*out = common == PAGE_COMMON_SAME ? EXPECT_HOLDS : EXPECT_FAILS;
	return found && (common == PAGE_COMMON_SAME || common == PAGE_COMMON_OWN);
}

/* Compares with one of the values that it may be. If there are several reasons, the first one is kept: the outcome
 * is unknown from then on. */
static enum expect_outcome judge_one(const struct expect_facts *facts, const struct expect *e,
				     const struct expect_term *right, struct expect_result *r)
{
	struct expect_value v = expect_evaluate(facts, right);
	enum expect_outcome out = value_compare(&r->left, e->op, &v, page_size(facts)), same;

	if (out == EXPECT_UNKNOWN && (e->op == VALUE_OP_EQUAL || e->op == VALUE_OP_DIFFERENT) &&
	    compare_frames(facts, e->left, right, &same))
		out = (same == EXPECT_HOLDS) == (e->op == VALUE_OP_EQUAL) ? EXPECT_HOLDS : EXPECT_FAILS;
	if (out == EXPECT_UNKNOWN && r->outcome != EXPECT_UNKNOWN)
		r->why = mem_strdup(value_doubt(&r->left, &v));
	value_fini(&v);
	return out;
}

/* `a = x or y`: it is one of them; `a != x or y`: it is neither. One value that settles it is enough. */
void expect_judge(const struct expect_facts *facts, const struct expect *e, struct expect_result *r)
{
	bool none = e->op == VALUE_OP_DIFFERENT;
	enum expect_outcome settled = none ? EXPECT_FAILS : EXPECT_HOLDS;

	*r = (struct expect_result){ .outcome = none ? EXPECT_HOLDS : EXPECT_FAILS,
				     .left = expect_evaluate(facts, e->left) };
	for (size_t i = 0; i < e->rights && r->outcome != settled; i++) {
		enum expect_outcome one = judge_one(facts, e, e->right[i], r);
		if (one == settled || one == EXPECT_UNKNOWN)
			r->outcome = one;
	}
}

void expect_explain(struct strbuf *out, const struct expect *e, const struct expect_result *r)
{
	struct strbuf there = { 0 };

	strbuf_puts(out, e->text);
	if (r->outcome == EXPECT_UNKNOWN)
		strbuf_printf(out, _(": cannot be checked here: %s"), r->why);
	if (r->outcome == EXPECT_FAILS) {
		value_print(&there, &r->left, 1);
		strbuf_printf(out, _(": it is %s"), there.len ? there.text : "\"\"");
	}
	strbuf_fini(&there);
}
