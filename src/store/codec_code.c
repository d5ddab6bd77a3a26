#include "store/codec_code.h"

void code_put_symbol(struct code_coder *c, struct strbuf *out, const struct event *e)
{
	const struct event_symbol *s = &e->symbol;

	bytes_put_signed(out, (int64_t)(s->ip - c->ip));
	bytes_put_text(out, s->object);
	bytes_put_text(out, s->section);
	bytes_put_varint(out, s->offset);
	bytes_put_text(out, s->why);
	bytes_put_varint(out, s->count);
	for (size_t i = 0; i < s->count; i++) {
		bytes_put_text(out, s->frames[i].function);
		bytes_put_text(out, s->frames[i].source);
		bytes_put_varint(out, s->frames[i].line);
	}
	c->ip = s->ip;
}

void code_get_symbol(struct code_coder *c, struct cursor *in, struct event *e)
{
	struct event_symbol *s = &e->symbol;

	s->ip = c->ip += (uint64_t)bytes_get_signed(in);
	s->object = bytes_get_text(in);
	s->section = bytes_get_text(in);
	s->offset = bytes_get_varint(in);
	s->why = bytes_get_text(in);
	s->count = (size_t)bytes_get_bounded(in, CODE_FRAMES_MAX);
	for (size_t i = 0; i < s->count; i++) {
		c->frames[i].function = bytes_get_text(in);
		c->frames[i].source = bytes_get_text(in);
		c->frames[i].line = (uint32_t)bytes_get_bounded(in, UINT32_MAX);
	}
	s->frames = c->frames;
}

void code_put_lines(struct code_coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_text(out, e->lines.path);
	bytes_put_varint(out, e->lines.first);
	bytes_put_text(out, e->lines.text);
}

void code_get_lines(struct code_coder *c, struct cursor *in, struct event *e)
{
	e->lines.path = bytes_get_text(in);
	e->lines.first = (uint32_t)bytes_get_bounded(in, UINT32_MAX);
	e->lines.text = bytes_get_text(in);
}
