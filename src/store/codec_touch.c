#include "store/codec_touch.h"

#include "store/codec_bits.h"

void touch_coder_reset(struct touch_coder *c)
{
	stack_coder_reset(&c->stacks);
	c->ip = c->story_page = 0;
	c->story = (struct event_fault){ 0 };
}

void touch_coder_fini(struct touch_coder *c)
{
	stack_coder_fini(&c->stacks);
}

/* Writes a stack in a body (store/codec_stack.h), relative to the address of code before it. */
static void put_stack(struct touch_coder *c, struct strbuf *out, const struct event_stack *stack)
{
	uint32_t same = 0;

	c->stacks.ip = c->ip;
	stack_put(&c->stacks, out, out, stack, &same);
}

static void get_stack(struct touch_coder *c, struct cursor *in, struct event_stack *stack)
{
	uint32_t same = 0;

	c->stacks.ip = c->ip;
	stack_get(&c->stacks, in, in, stack, &same);
}

void touch_put_call(struct touch_coder *c, struct strbuf *out, const struct event *e)
{
	const struct event_call *call = &e->call;

	bytes_put_varint(out, (uint64_t)call->tid);
	bytes_put_varint(out, call->kind);
	bytes_put_varint(out, call_arity(call->kind));
	for (size_t i = 0; i < call_arity(call->kind); i++)
		bytes_put_varint(out, call->args[i]);
	bytes_put_varint(out, call->result);
	bytes_put_varint(out, (uint64_t)call->error);
	put_stack(c, out, &e->stack);
}

void touch_get_call(struct touch_coder *c, struct cursor *in, struct event *e)
{
	struct event_call *call = &e->call;
	uint64_t count, result;

	call->tid = codec_get_tid(in);
	call->kind = (enum call_kind)bytes_get_bounded(in, CALL_KINDS - 1);
	count = bytes_get_bounded(in, CALL_ARGS);
	for (uint64_t i = 0; i < count; i++)
		call->args[i] = bytes_get_varint(in);
	result = bytes_get_varint(in);
	call_return(call, result, (int)bytes_get_bounded(in, INT32_MAX));
	get_stack(c, in, &e->stack);
}

/* What a story shares with the one before is not repeated: in a program that goes through memory in order
 * that is nearly everything. */
enum {
	STORY_IP = 1,
	STORY_TID = 2,
	STORY_KIND = 4,
	STORY_WORDS = 8,
	STORY_AROUND = 16,
	STORY_PAGES = 32,
};

static unsigned story_differs(const struct event_story *s, const struct event_fault *before)
{
	const struct event_fault *f = &s->fault;

	return (f->ip != before->ip ? STORY_IP : 0u) | (f->tid != before->tid ? STORY_TID : 0u) |
	       (codec_fault_kind(f) != codec_fault_kind(before) ? STORY_KIND : 0u) |
	       (f->was != before->was || f->now != before->now ? STORY_WORDS : 0u) |
	       (f->before != before->before || f->after != before->after ? STORY_AROUND : 0u) |
	       (s->pages != 1 ? STORY_PAGES : 0u);
}

void touch_put_story(struct touch_coder *c, unsigned page_shift, struct strbuf *out, const struct event *e)
{
	const struct event_story *s = &e->story;
	const struct event_fault *f = &s->fault;
	unsigned differs = story_differs(s, &c->story);

	bytes_put_varint(out, differs);
	bytes_put_signed(out, (int64_t)(s->first - c->story_page));
	bytes_put_signed(out, (int64_t)(f->address - (s->first << page_shift)));
	if (differs & STORY_PAGES)
		bytes_put_varint(out, s->pages);
	if (differs & STORY_IP)
		bytes_put_signed(out, (int64_t)(f->ip - c->story.ip));
	if (differs & STORY_TID)
		bytes_put_varint(out, (uint64_t)f->tid);
	if (differs & STORY_KIND)
		bytes_put_varint(out, codec_fault_kind(f));
	if (differs & STORY_WORDS) {
		bytes_put_varint(out, f->was);
		bytes_put_varint(out, f->now);
	}
	if (differs & STORY_AROUND) {
		bytes_put_varint(out, f->before);
		bytes_put_varint(out, f->after);
	}
	c->story_page = s->first + s->pages;
	c->story = *f;
	c->ip = f->ip;
	put_stack(c, out, &e->stack);
}

static void get_story_fault(struct touch_coder *c, struct cursor *in, struct event_fault *f, uint64_t differs)
{
	*f = c->story;
	if (differs & STORY_IP)
		f->ip += (uint64_t)bytes_get_signed(in);
	if (differs & STORY_TID)
		f->tid = (int32_t)bytes_get_bounded(in, INT32_MAX);
	if (differs & STORY_KIND && !codec_set_fault_kind(f, bytes_get_bounded(in, CODEC_KIND_END - 1)))
		in->bad = true;
	if (differs & STORY_WORDS) {
		f->was = codec_get_word(in);
		f->now = codec_get_word(in);
	}
	if (differs & STORY_AROUND) {
		f->before = (uint16_t)bytes_get_bounded(in, FAULT_AROUND_MAX);
		f->after = (uint16_t)bytes_get_bounded(in, FAULT_AROUND_MAX);
	}
}

void touch_get_story(struct touch_coder *c, unsigned page_shift, struct cursor *in, struct event *e)
{
	struct event_story *s = &e->story;
	uint64_t differs = bytes_get_bounded(in, 2 * STORY_PAGES - 1), off;

	s->first = c->story_page + (uint64_t)bytes_get_signed(in);
	off = (uint64_t)bytes_get_signed(in);
	s->pages = differs & STORY_PAGES ? bytes_get_bounded(in, STORY_PAGES_MAX) : 1;
	get_story_fault(c, in, &s->fault, differs);
	s->fault.address = (s->first << page_shift) + off;
	if (!s->pages || s->first >= RUNS_END || s->first + s->pages > RUNS_END)
		in->bad = true;
	c->story_page = s->first + s->pages;
	c->story = s->fault;
	c->ip = s->fault.ip;
	get_stack(c, in, &e->stack);
}

void touch_put_profile(struct touch_coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->profile.rest);
	bytes_put_signed(out, (int64_t)(e->profile.ip - c->ip));
	bytes_put_varint(out, e->profile.minor);
	bytes_put_varint(out, e->profile.major);
	bytes_put_varint(out, e->profile.pages);
	c->ip = e->profile.ip;
	put_stack(c, out, &e->stack);
}

void touch_get_profile(struct touch_coder *c, struct cursor *in, struct event *e)
{
	e->profile.rest = bytes_get_bounded(in, 1);
	e->profile.ip = c->ip += (uint64_t)bytes_get_signed(in);
	e->profile.minor = bytes_get_varint(in);
	e->profile.major = bytes_get_varint(in);
	e->profile.pages = bytes_get_varint(in);
	get_stack(c, in, &e->stack);
}
