/* What all records share, and the table of their types: a new type of event is a row there, with a number
 * that was never used, and two functions in the part that it belongs to.
 *
 * Reading trusts nothing: the model's assumptions (bounds in order, whole pages, known kinds) are checked
 * when a body is read. */
#include "store/codec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The body of a type of record, by the part of the coder that knows it. */
#define BODY(part, name)                                                                                     \
	static void put_##name(struct coder *c, struct strbuf *out, const struct event *e)                   \
	{                                                                                                    \
		part##_put_##name(&c->part, out, e);                                                         \
	}                                                                                                    \
	static void get_##name(struct coder *c, struct cursor *in, struct event *e)                          \
	{                                                                                                    \
		part##_get_##name(&c->part, in, e);                                                          \
	}
/* One that has page numbers in it. */
#define BODY_OF_PAGES(part, name)                                                                            \
	static void put_##name(struct coder *c, struct strbuf *out, const struct event *e)                   \
	{                                                                                                    \
		part##_put_##name(&c->part, c->page_shift, out, e);                                          \
	}                                                                                                    \
	static void get_##name(struct coder *c, struct cursor *in, struct event *e)                          \
	{                                                                                                    \
		part##_get_##name(&c->part, c->page_shift, in, e);                                           \
	}

BODY_OF_PAGES(process, process)
BODY(process, status)
BODY(process, counters)
BODY(process, output)
BODY(process, source)
BODY(process, mark)
BODY(process, lost)
BODY(process, stop)
BODY(process, thread)
BODY(process, past)
BODY(process, sample)
BODY_OF_PAGES(memory, region)
BODY_OF_PAGES(memory, pages)
BODY_OF_PAGES(memory, began)
BODY(code, symbol)
BODY(code, lines)
BODY(touch, call)
BODY_OF_PAGES(touch, story)
BODY(touch, profile)
BODY(kin, forked)
BODY(kin, copier)
BODY(memory, left)
BODY_OF_PAGES(figures, figures)

static void put_nothing(struct coder *c, struct strbuf *out, const struct event *e)
{
}

static void get_nothing(struct coder *c, struct cursor *in, struct event *e)
{
}

/* The numbers are the file's for ever. */
static const struct row {
	uint64_t number;
	enum event_type type;
	void (*put)(struct coder *, struct strbuf *, const struct event *);
	void (*get)(struct coder *, struct cursor *, struct event *); /* marks the cursor bad */
} rows[] = {
	{ 1, EVENT_PROCESS, put_process, get_process },
	{ 2, EVENT_STATUS, put_status, get_status },
	{ 3, EVENT_COUNTERS, put_counters, get_counters },
	{ 4, EVENT_MAP, put_region, get_region },
	{ 5, EVENT_CHANGE, put_region, get_region },
	{ 6, EVENT_UNMAP, put_region, get_region },
	{ 7, EVENT_PAGES, put_pages, get_pages },
	{ 8, EVENT_OUTPUT, put_output, get_output },
	{ 9, EVENT_SOURCE, put_source, get_source },
	{ 10, EVENT_MARK, put_mark, get_mark },
	{ 11, EVENT_LOST, put_lost, get_lost },
	{ 12, EVENT_TICK, put_nothing, get_nothing },
	{ 14, EVENT_SYMBOL, put_symbol, get_symbol },
	{ 15, EVENT_LINES, put_lines, get_lines },
	{ 16, EVENT_CALL, put_call, get_call },
	{ 17, EVENT_STOP, put_stop, get_stop },
	{ 18, EVENT_THREAD, put_thread, get_thread },
	{ 19, EVENT_PAST, put_past, get_past },
	{ 20, EVENT_STORY, put_story, get_story },
	{ 21, EVENT_SAMPLE, put_sample, get_sample },
	{ 22, EVENT_PROFILE, put_profile, get_profile },
	{ 23, EVENT_FORKED, put_forked, get_forked },
	{ 24, EVENT_COPIER, put_copier, get_copier },
	{ 25, EVENT_FIGURES, put_figures, get_figures },
	{ 26, EVENT_BEGAN, put_began, get_began },
	{ 27, EVENT_LEFT, put_left, get_left },
};
#define ROWS (sizeof rows / sizeof *rows)

/* Numbers of records that have no row. */
#define RECORD_COLUMNS 32
#define RECORD_FAULTS 33
#define RECORD_STORIES 34

void coder_reset(struct coder *c)
{
	c->time_ns = 0;
	c->pid = 0;
	process_coder_reset(&c->process);
	memory_coder_reset(&c->memory);
	c->code.ip = 0;
	touch_coder_reset(&c->touch);
	kin_coder_reset(&c->kin);
	fault_columns_reset(&c->faults);
	c->run = 0;
	c->run_is_stories = false;
}

void coder_fini(struct coder *c)
{
	strbuf_fini(&c->body);
	strbuf_fini(&c->head);
	process_coder_fini(&c->process);
	memory_coder_fini(&c->memory);
	touch_coder_fini(&c->touch);
	kin_coder_fini(&c->kin);
	figures_coder_fini(&c->figures);
	fault_columns_fini(&c->faults);
	*c = (struct coder){ 0 };
}

static const struct row *row_of_type(enum event_type type)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

static const struct row *row_of_number(uint64_t number)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].number == number)
			return &rows[i];
	return NULL;
}

static void put_head(struct coder *c, struct strbuf *records, uint64_t number, uint64_t time_ns, int32_t pid)
{
	bytes_put_varint(records, number);
	bytes_put_signed(records, (int64_t)(time_ns - c->time_ns));
	bytes_put_signed(records, (int64_t)pid - c->pid);
	c->time_ns = time_ns;
	c->pid = pid;
}

static void put_body(struct coder *c, struct strbuf *records)
{
	bytes_put_varint(records, c->body.len);
	if (c->body.len)
		strbuf_add(records, c->body.text, c->body.len);
	strbuf_clear(&c->body);
}

/* Marks the place of the faults since the last record. */
static void end_run(struct coder *c, struct strbuf *records)
{
	if (!c->run)
		return;
	put_head(c, records, c->run_is_stories ? RECORD_STORIES : RECORD_FAULTS, c->time_ns, c->pid);
	bytes_put_varint(&c->body, c->run);
	put_body(c, records);
	c->run = 0;
}

static void put_in_columns(struct coder *c, struct strbuf *records, const struct event *e, bool story)
{
	if (c->run_is_stories != story)
		end_run(c, records);
	c->run_is_stories = story;
	c->run++;
	fault_columns_put(&c->faults, &c->touch.stacks, c->page_shift, e,
			  story ? &e->story.fault : &e->fault);
}

/* Is it the story of a touched page, of this page alone? */
static bool is_own_story(const struct coder *c, const struct event *e)
{
	return e->type == EVENT_STORY && e->story.pages == 1 &&
	       e->story.fault.address >> c->page_shift == e->story.first;
}

void coder_put(struct coder *c, struct strbuf *records, const struct event *e)
{
	const struct row *row;

	if (e->type == EVENT_FAULT || is_own_story(c, e)) {
		put_in_columns(c, records, e, e->type == EVENT_STORY);
		return;
	}
	row = row_of_type(e->type);
	assert(row);
	end_run(c, records);
	put_head(c, records, row->number, e->time_ns, e->pid);
	row->put(c, &c->body, e);
	put_body(c, records);
}

size_t coder_size(const struct coder *c, const struct strbuf *records)
{
	return records->len + fault_columns_size(&c->faults);
}

void coder_finish(struct coder *c, struct strbuf *records, struct coder_part parts[static CODER_PARTS])
{
	size_t len = 0;

	memset(parts, 0, CODER_PARTS * sizeof *parts);
	end_run(c, records);
	parts[CODER_PARTS - 1] = (struct coder_part){ records->text, records->len };
	if (!fault_columns_count(&c->faults))
		return;
	fault_columns_finish(&c->faults, &c->body);
	for (int i = 0; i < FAULT_COLUMNS; i++) {
		const struct strbuf *column = fault_columns_column(&c->faults, i);

		parts[1 + i] = (struct coder_part){ column->text, column->len };
		len += column->len;
	}
	strbuf_clear(&c->head);
	bytes_put_varint(&c->head, RECORD_COLUMNS);
	bytes_put_signed(&c->head, 0);
	bytes_put_signed(&c->head, 0);
	bytes_put_varint(&c->head, c->body.len + len);
	strbuf_add(&c->head, c->body.text, c->body.len);
	strbuf_clear(&c->body);
	parts[0] = (struct coder_part){ c->head.text, c->head.len };
}

/* Reads what is before the body. */
static uint64_t get_head(struct coder *c, struct cursor *in, struct event *e, size_t *len)
{
	uint64_t number = bytes_get_varint(in);
	int64_t pid;

	c->time_ns += (uint64_t)bytes_get_signed(in);
	pid = c->pid + (int64_t)(int32_t)bytes_get_signed(in);
	*len = bytes_get_bounded(in, (uint64_t)(in->end - in->at));
	if (pid < 0 || pid > INT32_MAX || *len > (size_t)(in->end - in->at))
		in->bad = true;
	c->pid = in->bad ? 0 : (int32_t)pid;
	e->time_ns = c->time_ns;
	e->pid = c->pid;
	return number;
}

/* Takes a record of columns. True if the record is not an event of its own. */
static bool take_columns(struct coder *c, uint64_t number, struct cursor *body)
{
	if (number == RECORD_COLUMNS)
		fault_columns_open(&c->faults, body);
	else if (number == RECORD_FAULTS || number == RECORD_STORIES)
		c->run = bytes_get_varint(body);
	c->run_is_stories = number == RECORD_STORIES;
	return number == RECORD_COLUMNS || number == RECORD_FAULTS || number == RECORD_STORIES;
}

static int get_fault_of_run(struct coder *c, struct event *e)
{
	c->run--;
	e->fault = (struct event_fault){ 0 };
	e->stack = (struct event_stack){ 0 };
	if (!fault_columns_get(&c->faults, &c->touch.stacks, c->page_shift, e))
		return -1;
	if (c->run_is_stories) {
		struct event_fault fault = e->fault;

		e->type = EVENT_STORY;
		e->story = (struct event_story){ fault.address >> c->page_shift, 1, fault };
	}
	return 1;
}

int coder_get(struct coder *c, struct cursor *in, struct event *e)
{
	while (c->run || in->at < in->end) {
		struct cursor body = { 0 };
		const struct row *row;
		uint64_t number;
		size_t len;

		if (c->run)
			return get_fault_of_run(c, e);
		*e = (struct event){ 0 };
		number = get_head(c, in, e, &len);
		if (in->bad)
			return -1;
		body.at = in->at;
		body.end = in->at += len;
		row = row_of_number(number);
		if (take_columns(c, number, &body) || !row) {
			if (body.bad)
				return -1;
			continue;
		}
		e->type = row->type;
		row->get(c, &body, e);
		if (body.bad)
			return -1;
		return 1;
	}
	return 0;
}
