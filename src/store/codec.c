/* What is common to all records; their bodies are in codec_rows.c. */
#include "store/codec.h"

#include <assert.h>
#include <stdlib.h>

void coder_reset(struct coder *c)
{
	c->time_ns = c->address = c->page = c->minor = c->major = 0;
	c->fault_address = c->fault_ip = c->ip = 0;
	c->pid = c->fault_tid = 0;
	c->story_page = 0;
	c->story = (struct event_fault){0};
	c->stack_count = 0;
	stacks_fini(&c->stacks);
}

void coder_fini(struct coder *c)
{
	strbuf_fini(&c->body);
	free(c->argv);
	free(c->tiles);
	free(c->stack_numbers);
	stacks_fini(&c->stacks);
	*c = (struct coder){0};
}

static const struct codec_row *row_of_type(enum event_type type)
{
	for (size_t i = 0; i < codec_row_count; i++)
		if (codec_rows[i].type == type)
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

void coder_put(struct coder *c, struct strbuf *out, const struct event *e)
{
	const struct codec_row *row = row_of_type(e->type);

	assert(row);
	bytes_put_varint(out, row->number);
	bytes_put_signed(out, (int64_t)(e->time_ns - c->time_ns));
	bytes_put_signed(out, (int64_t)e->pid - c->pid);
	c->time_ns = e->time_ns;
	c->pid = e->pid;
	strbuf_clear(&c->body);
	row->put(c, &c->body, e);
	bytes_put_varint(out, c->body.len);
	if (c->body.len)
		strbuf_add(out, c->body.text, c->body.len);
}

/* What stands before the body. */
static const struct codec_row *get_head(struct coder *c, struct cursor *in, struct event *e, size_t *len)
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
	return row_of_number(number);
}

int coder_get(struct coder *c, struct cursor *in, struct event *e)
{
	while (in->at < in->end) {
		struct cursor body = {0};
		const struct codec_row *row;
		size_t len;

		*e = (struct event){0};
		row = get_head(c, in, e, &len);
		if (in->bad)
			return -1;
		body.at = in->at;
		body.end = in->at += len;
		if (!row)
			continue;
		e->type = row->type;
		row->get(c, &body, e);
		if (body.bad)
			return -1;
		return 1;
	}
	return 0;
}
