/* What is common to all records; their bodies are in codec_rows.c. */
#include "store/codec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void coder_reset(struct coder *c)
{
	c->time_ns = c->address = c->page = c->minor = c->major = 0;
	c->fault_address = c->fault_ip = c->ip = 0;
	c->pid = c->fault_tid = 0;
	c->story_page = 0;
	c->story = (struct event_fault){ 0 };
	c->run = 0;
	c->run_is_stories = false;
	stack_coder_reset(&c->stacks);
	fault_columns_reset(&c->faults);
}

void coder_fini(struct coder *c)
{
	strbuf_fini(&c->body);
	strbuf_fini(&c->head);
	free(c->argv);
	free(c->tiles);
	stack_coder_fini(&c->stacks);
	fault_columns_fini(&c->faults);
	*c = (struct coder){ 0 };
}

static const struct codec_row *row_of_type(enum event_type type)
{
	for (size_t i = 0; i < codec_row_count; i++)
		if (codec_rows[i].type == type && codec_rows[i].put)
			return &codec_rows[i];
	return NULL;
}

static const struct codec_row *row_of_number(uint64_t number)
{
	for (size_t i = 0; i < codec_row_count; i++)
		if (codec_rows[i].number == number)
			return &codec_rows[i];
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

/* The faults since the last record have their place here. */
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
	struct event fault = { .type = EVENT_FAULT, .pid = e->pid, .time_ns = e->time_ns, .stack = e->stack };

	if (c->run_is_stories != story)
		end_run(c, records);
	c->run_is_stories = story;
	c->run++;
	if (story)
		fault.fault = e->story.fault;
	fault_columns_put(&c->faults, &c->stacks, c->page_shift, story ? &fault : e);
}

/* Has a page the story of the fault that touched it, and no other page with it? */
static bool is_own_story(const struct coder *c, const struct event *e)
{
	return e->type == EVENT_STORY && e->story.pages == 1 &&
	       e->story.fault.address >> c->page_shift == e->story.first;
}

void coder_put(struct coder *c, struct strbuf *records, const struct event *e)
{
	const struct codec_row *row;

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
	if (!c->faults.count)
		return;
	fault_columns_finish(&c->faults, &c->body);
	for (int i = 0; i < FAULT_COLUMNS; i++) {
		parts[1 + i] = (struct coder_part){ c->faults.out[i].text, c->faults.out[i].len };
		len += parts[1 + i].len;
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

/* What stands before the body. */
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

/* True where the record is no event of its own. */
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
	if (!fault_columns_get(&c->faults, &c->stacks, c->page_shift, e))
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
		const struct codec_row *row;
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
