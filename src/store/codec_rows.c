/* The body of each type of event, as pagescape-session(5) has it: a new type is a row in
 * the table at the end, with a number that was never used.
 *
 * Reading trusts nothing: what the model takes for granted (bounds in order, whole pages,
 * known kinds) is checked here. */
#include "store/codec.h"

#include "base/mem.h"
#include "event/page.h"

/* The model's numbers are the file's: who renumbers them has to translate here. */
_Static_assert(PAGE_NONE == 0 && PAGE_RESERVED == 1 && PAGE_CACHED == 2 && PAGE_ZERO == 3 && PAGE_FILE == 4 &&
		   PAGE_COPY == 5 && PAGE_ANON == 6 && PAGE_SHM == 7 && PAGE_SWAP == 8 && PAGE_GUARD == 9 &&
		   PAGE_UNKNOWN == 10,
	       "page states are the file's");
_Static_assert(PAGE_EXCLUSIVE == 1 << 4 && PAGE_SHARED == 1 << 5 && PAGE_HUGE == 1 << 6 &&
		   PAGE_DIRTY == 1 << 7 && PAGE_REFERENCED == 1 << 8 && PAGE_LOCKED == 1 << 9 &&
		   PAGE_KSM == 1 << 10 && PAGE_HUGETLB == 1 << 11 && PAGE_CACHE_UNKNOWN == 1 << 12 &&
		   PAGE_WHY_SHIFT == 13,
	       "page flags are the file's");
_Static_assert(PAGE_WHY_NOT_READ == 0 && PAGE_WHY_DENIED == 1 && PAGE_WHY_SPECIAL == 2 &&
		   PAGE_WHY_OUTSIDE == 3 && PAGE_WHY_ZERO_OR_ANON == 4 && PAGE_WHY_OFF == 5,
	       "reasons are the file's");
_Static_assert(REGION_TEXT == 0 && REGION_RODATA == 1 && REGION_DATA == 2 && REGION_BSS == 3 &&
		   REGION_HEAP == 4 && REGION_STACK == 5 && REGION_ANON == 6 && REGION_FILE == 7 &&
		   REGION_SHM == 8 && REGION_VDSO == 9 && REGION_VVAR == 10 && REGION_VSYSCALL == 11,
	       "kinds of regions are the file's");
_Static_assert(REGION_READ == 1 && REGION_WRITE == 2 && REGION_EXEC == 4 && REGION_MAY_SHARE == 8,
	       "permissions are the file's");
_Static_assert(PROCESS_RUNNING == 0 && PROCESS_STOPPED == 1 && PROCESS_PAUSED == 2 && PROCESS_ZOMBIE == 3 &&
		   PROCESS_EXITED == 4 && PROCESS_KILLED == 5 && PROCESS_GONE == 6,
	       "statuses are the file's");
_Static_assert(SOURCE_MAPS == 0 && SOURCE_PAGEMAP == 1 && SOURCE_PAGEMAP_SCAN == 2 &&
		   SOURCE_PAGE_CACHE == 3 && SOURCE_FRAMES == 4 && SOURCE_KPAGEFLAGS == 5 &&
		   SOURCE_KPAGECOUNT == 6 && SOURCE_COUNTERS == 7 && SOURCE_SMAPS == 8 && SOURCE_BYTES == 9 &&
		   SOURCE_SYMBOLS == 10 && SOURCE_FAULTS == 11 && SOURCE_STACKS == 12 && SOURCE_ACCESS == 13,
	       "sources are the file's");

_Static_assert(FAULT_ACCESS_UNKNOWN == 0 && FAULT_READ == 1 && FAULT_WRITE == 2 && FAULT_EXEC == 3,
	       "kinds of access are the file's");
_Static_assert(FAULT_CAUSE_UNKNOWN == 0 && FAULT_ZERO_FILL == 1 && FAULT_ZERO_PAGE == 2 &&
		   FAULT_ZERO_REPLACED == 3 && FAULT_FILE_CACHED == 4 && FAULT_FILE_READ == 5 &&
		   FAULT_COW_FILE == 6 && FAULT_COW_FORK == 7 && FAULT_SWAP_IN == 8 && FAULT_SHM == 9 &&
		   FAULT_STACK_GROWTH == 10 && FAULT_GUARD == 11 && FAULT_OTHER == 12 &&
		   FAULT_STACK_END == 13 && FAULT_NO_REGION == 14 && FAULT_NO_RIGHT == 15 &&
		   FAULT_NO_PAGE == 16,
	       "causes of faults are the file's");

_Static_assert(STOP_ASKED == 0 && STOP_FAULT == 1 && STOP_CALL == 2 && STOP_EXEC == 3,
	       "reasons to stand are the file's");

/* What was added to a body since version 1 began is behind the rest, and may be missing. */
static bool has_more(const struct cursor *in)
{
	return !in->bad && in->at < in->end;
}

enum { PROCESS_LAUNCHED = 1, PROCESS_EXEC = 2 };
enum { REGION_HUGETLB = 1, REGION_DEVICE = 2 };

static void put_process(struct coder *c, struct strbuf *out, const struct event *e)
{
	const struct event_process *p = &e->process;
	size_t n = 0;

	while (p->argv && p->argv[n])
		n++;
	bytes_put_varint(out, (p->launched ? PROCESS_LAUNCHED : 0u) | (p->exec ? PROCESS_EXEC : 0u));
	bytes_put_varint(out, (uint64_t)p->bits);
	bytes_put_varint(out, (uint64_t)p->address_bits);
	bytes_put_varint(out, p->uid);
	bytes_put_text(out, p->comm);
	bytes_put_text(out, p->exe);
	bytes_put_varint(out, n);
	for (size_t i = 0; i < n; i++)
		bytes_put_text(out, p->argv[i]);
	bytes_put_varint(out, (uint64_t)p->parent);
}

static void get_process(struct coder *c, struct cursor *in, struct event *e)
{
	struct event_process *p = &e->process;
	uint64_t flags = bytes_get_varint(in), n;

	p->launched = flags & PROCESS_LAUNCHED;
	p->exec = flags & PROCESS_EXEC;
	p->bits = (int)bytes_get_bounded(in, 64);
	p->address_bits = (int)bytes_get_bounded(in, 64);
	p->uid = (uint32_t)bytes_get_bounded(in, UINT32_MAX);
	p->comm = bytes_get_text(in);
	p->exe = bytes_get_text(in);
	p->page_shift = c->page_shift;
	n = bytes_get_bounded(in, (uint64_t)(in->end - in->at));
	mem_grow(c->argv, c->argv_cap, n + 1);
	for (uint64_t i = 0; i < n; i++)
		c->argv[i] = bytes_get_text(in);
	c->argv[n] = NULL;
	p->argv = c->argv;
	p->parent = has_more(in) ? (int32_t)bytes_get_bounded(in, INT32_MAX) : 0;
}

static void put_status(struct coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->status.status);
	bytes_put_signed(out, e->status.code);
}

static void get_status(struct coder *c, struct cursor *in, struct event *e)
{
	e->status.status = (enum process_status)bytes_get_bounded(in, PROCESS_GONE);
	e->status.code = (int)bytes_get_signed(in);
}

static void put_counters(struct coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_signed(out, (int64_t)(e->counters.minor - c->minor));
	bytes_put_signed(out, (int64_t)(e->counters.major - c->major));
	bytes_put_varint(out, e->counters.threads);
	bytes_put_varint(out, (unsigned char)e->counters.state);
	c->minor = e->counters.minor;
	c->major = e->counters.major;
}

static void get_counters(struct coder *c, struct cursor *in, struct event *e)
{
	c->minor += (uint64_t)bytes_get_signed(in);
	c->major += (uint64_t)bytes_get_signed(in);
	e->counters.minor = c->minor;
	e->counters.major = c->major;
	e->counters.threads = (uint32_t)bytes_get_bounded(in, UINT32_MAX);
	e->counters.state = (char)bytes_get_bounded(in, '~'); /* a letter, or 0: not known */
	if (e->counters.state && e->counters.state <= ' ')
		in->bad = true;
}

static void put_region(struct coder *c, struct strbuf *out, const struct event *e)
{
	const struct region_attr *a = &e->region.attr;

	bytes_put_varint(out, e->region.id);
	bytes_put_signed(out, (int64_t)((a->start >> c->page_shift) - (c->address >> c->page_shift)));
	bytes_put_varint(out, (a->end - a->start) >> c->page_shift);
	bytes_put_varint(out, a->perms);
	bytes_put_varint(out, a->kind);
	bytes_put_varint(out, (a->hugetlb ? REGION_HUGETLB : 0u) | (a->device ? REGION_DEVICE : 0u));
	bytes_put_varint(out, a->offset);
	bytes_put_varint(out, a->inode);
	bytes_put_varint(out, a->dev_major);
	bytes_put_varint(out, a->dev_minor);
	bytes_put_text(out, a->path);
	c->address = a->end;
}

/* Whole pages below 2^64, not none. */
static void get_bounds(struct coder *c, struct cursor *in, uint64_t *first, uint64_t *end)
{
	uint64_t pages = UINT64_C(1) << (64 - c->page_shift);

	*first = (c->address >> c->page_shift) + (uint64_t)bytes_get_signed(in);
	*end = *first + bytes_get_bounded(in, pages);
	if (*first >= *end || *end >= pages)
		in->bad = true;
}

static void get_region(struct coder *c, struct cursor *in, struct event *e)
{
	struct region_attr *a = &e->region.attr;
	uint64_t first, end, flags;

	e->region.id = bytes_get_varint(in);
	get_bounds(c, in, &first, &end);
	a->start = first << c->page_shift;
	a->end = end << c->page_shift;
	a->perms =
	    (uint8_t)bytes_get_bounded(in, REGION_READ | REGION_WRITE | REGION_EXEC | REGION_MAY_SHARE);
	a->kind = (uint8_t)bytes_get_bounded(in, REGION_KINDS - 1);
	flags = bytes_get_varint(in);
	a->hugetlb = flags & REGION_HUGETLB;
	a->device = flags & REGION_DEVICE;
	a->offset = bytes_get_varint(in);
	a->inode = bytes_get_varint(in);
	a->dev_major = (uint32_t)bytes_get_bounded(in, UINT32_MAX);
	a->dev_minor = (uint32_t)bytes_get_bounded(in, UINT32_MAX);
	a->path = bytes_get_text(in);
	c->address = a->end;
	if (!e->region.id)
		in->bad = true;
}

static uint32_t get_word(struct cursor *in)
{
	uint32_t word = (uint32_t)bytes_get_bounded(in, PAGE_STATE_MASK | PAGE_FLAGS_MASK);

	if (page_state(word) >= PAGE_STATES)
		in->bad = true;
	return word;
}

static void put_pages(struct coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->pages.n);
	if (e->pages.n)
		bytes_put_signed(out, (int64_t)(e->pages.tiles[0].first - c->page));
	for (size_t i = 0; i < e->pages.n; i++) {
		bytes_put_varint(out, e->pages.tiles[i].end - e->pages.tiles[i].first);
		bytes_put_varint(out, e->pages.tiles[i].value);
		c->page = e->pages.tiles[i].end;
	}
}

static void get_pages(struct coder *c, struct cursor *in, struct event *e)
{
	uint64_t pages = UINT64_C(1) << (64 - c->page_shift);
	uint64_t n = bytes_get_bounded(in, (uint64_t)(in->end - in->at) / 2);

	if (n)
		c->page += (uint64_t)bytes_get_signed(in);
	mem_grow(c->tiles, c->tiles_cap, n);
	for (uint64_t i = 0; i < n && !in->bad; i++) {
		struct run *tile = &c->tiles[i];

		tile->first = c->page;
		c->page += bytes_get_bounded(in, pages);
		tile->end = c->page;
		tile->value = get_word(in);
		if (tile->first >= tile->end || tile->end > pages)
			in->bad = true;
	}
	e->pages.tiles = c->tiles;
	e->pages.n = n;
}

static void put_output(struct coder *c, struct strbuf *out, const struct event *e)
{
	if (e->output.len)
		strbuf_add(out, e->output.bytes, e->output.len);
}

static void get_output(struct coder *c, struct cursor *in, struct event *e)
{
	e->output.bytes = (const char *)in->at;
	e->output.len = (size_t)(in->end - in->at);
}

static void put_source(struct coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->source.kind);
	bytes_put_varint(out, e->source.ok);
	bytes_put_text(out, e->source.why);
}

/* A source of a later version is one that the model does not know: it passes by. */
static void get_source(struct coder *c, struct cursor *in, struct event *e)
{
	e->source.kind = (enum source_kind)bytes_get_bounded(in, INT32_MAX);
	e->source.ok = bytes_get_bounded(in, 1);
	e->source.why = bytes_get_text(in);
}

/* A stack in a body: see store/codec_stack.h. It leans on the address of code told of last. */
static void put_stack(struct coder *c, struct strbuf *out, const struct event_stack *stack)
{
	uint32_t same = 0;

	c->stacks.ip = c->fault_ip;
	stack_put(&c->stacks, out, out, stack, &same);
}

static void get_stack(struct coder *c, struct cursor *in, struct event_stack *stack)
{
	uint32_t same = 0;

	c->stacks.ip = c->fault_ip;
	if (has_more(in))
		stack_get(&c->stacks, in, in, stack, &same);
}

enum { FAULT_IS_MAJOR = 1, FAULT_IS_INFERRED = 2, FAULT_ACCESS_SHIFT = 2, FAULT_CAUSE_SHIFT = 4 };

/* How faults were told before they became columns. */
static void get_fault(struct coder *c, struct cursor *in, struct event *e)
{
	struct event_fault *f = &e->fault;
	int64_t tid;
	uint64_t kind;

	f->address = c->fault_address += (uint64_t)bytes_get_signed(in);
	f->ip = c->fault_ip += (uint64_t)bytes_get_signed(in);
	tid = c->fault_tid + (int64_t)(int32_t)bytes_get_signed(in);
	kind = bytes_get_bounded(in, (FAULT_CAUSES << FAULT_CAUSE_SHIFT) - 1);
	if (tid < 0 || tid > INT32_MAX)
		in->bad = true;
	f->tid = c->fault_tid = in->bad ? 0 : (int32_t)tid;
	f->major = kind & FAULT_IS_MAJOR;
	f->inferred = kind & FAULT_IS_INFERRED;
	f->access = (enum fault_access)(kind >> FAULT_ACCESS_SHIFT & 3);
	f->cause = (enum fault_cause)(kind >> FAULT_CAUSE_SHIFT);
	f->was = get_word(in);
	f->now = get_word(in);
}

static void put_mark(struct coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_text(out, e->mark.text);
}

static void get_mark(struct coder *c, struct cursor *in, struct event *e)
{
	e->mark.text = bytes_get_text(in);
}

static void put_lost(struct coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->lost.count);
	bytes_put_text(out, e->lost.where);
}

static void get_lost(struct coder *c, struct cursor *in, struct event *e)
{
	e->lost.count = bytes_get_varint(in);
	e->lost.where = bytes_get_text(in);
}

static void put_symbol(struct coder *c, struct strbuf *out, const struct event *e)
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

static void get_symbol(struct coder *c, struct cursor *in, struct event *e)
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

static void put_lines(struct coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_text(out, e->lines.path);
	bytes_put_varint(out, e->lines.first);
	bytes_put_text(out, e->lines.text);
}

static void get_lines(struct coder *c, struct cursor *in, struct event *e)
{
	e->lines.path = bytes_get_text(in);
	e->lines.first = (uint32_t)bytes_get_bounded(in, UINT32_MAX);
	e->lines.text = bytes_get_text(in);
}

static int32_t get_tid(struct cursor *in)
{
	return (int32_t)bytes_get_bounded(in, INT32_MAX);
}

static void put_call(struct coder *c, struct strbuf *out, const struct event *e)
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

static void get_call(struct coder *c, struct cursor *in, struct event *e)
{
	struct event_call *call = &e->call;

	uint64_t count, result;

	call->tid = get_tid(in);
	call->kind = (enum call_kind)bytes_get_bounded(in, CALL_KINDS - 1);
	count = bytes_get_bounded(in, CALL_ARGS);
	for (uint64_t i = 0; i < count; i++)
		call->args[i] = bytes_get_varint(in);
	result = bytes_get_varint(in);
	call_return(call, result, (int)bytes_get_bounded(in, INT32_MAX));
	get_stack(c, in, &e->stack);
}

static void put_stop(struct coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->stop.why);
	bytes_put_varint(out, (uint64_t)e->stop.tid);
}

static void get_stop(struct coder *c, struct cursor *in, struct event *e)
{
	e->stop.why = (enum stop_why)bytes_get_bounded(in, STOP_KINDS - 1);
	e->stop.tid = get_tid(in);
}

static void put_thread(struct coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, (uint64_t)e->thread.tid);
	bytes_put_varint(out, e->thread.ended);
	bytes_put_text(out, e->thread.name);
	if (!e->thread.minor && !e->thread.major)
		return;
	bytes_put_varint(out, e->thread.minor);
	bytes_put_varint(out, e->thread.major);
}

static void get_thread(struct coder *c, struct cursor *in, struct event *e)
{
	e->thread.tid = get_tid(in);
	e->thread.ended = bytes_get_bounded(in, 1);
	e->thread.name = bytes_get_text(in);
	e->thread.minor = has_more(in) ? bytes_get_varint(in) : 0;
	e->thread.major = has_more(in) ? bytes_get_varint(in) : 0;
}

static void put_past(struct coder *c, struct strbuf *out, const struct event *e)
{
	const struct event_past *p = &e->past;

	bytes_put_varint(out, p->execs);
	bytes_put_varint(out, p->changed_ns);
	bytes_put_varint(out, p->changed_page);
	bytes_put_varint(out, p->page_changed_ns);
	bytes_put_varint(out, p->faults);
	bytes_put_varint(out, p->calls);
	bytes_put_varint(out, p->output);
	bytes_put_varint(out, p->resident);
	bytes_put_varint(out, p->minor);
	bytes_put_varint(out, p->major);
	bytes_put_varint(out, p->image_faults);
	bytes_put_varint(out, p->image_calls);
	bytes_put_varint(out, p->stops);
	bytes_put_varint(out, p->dropped);
	bytes_put_varint(out, p->threads_dropped);
}

static void get_past(struct coder *c, struct cursor *in, struct event *e)
{
	struct event_past *p = &e->past;

	p->execs = bytes_get_bounded(in, UINT32_MAX);
	p->changed_ns = bytes_get_varint(in);
	p->changed_page = bytes_get_bounded(in, RUNS_END - 1);
	p->page_changed_ns = bytes_get_varint(in);
	p->faults = bytes_get_bounded(in, INT64_MAX);
	p->calls = bytes_get_bounded(in, INT64_MAX);
	p->output = bytes_get_varint(in);
	p->resident = bytes_get_varint(in);
	p->minor = bytes_get_varint(in);
	p->major = bytes_get_varint(in);
	p->image_faults = bytes_get_varint(in);
	p->image_calls = bytes_get_varint(in);
	p->stops = bytes_get_bounded(in, UINT32_MAX);
	p->dropped = has_more(in) ? bytes_get_varint(in) : 0;
	p->threads_dropped = has_more(in) ? bytes_get_varint(in) : 0;
}

/* What a story has like the one before is not told again: in a program that walks through
 * memory that is nearly everything. */
enum {
	STORY_IP = 1,
	STORY_TID = 2,
	STORY_KIND = 4,
	STORY_WORDS = 8,
	STORY_AROUND = 16,
	STORY_PAGES = 32,
};

static unsigned fault_kind(const struct event_fault *f)
{
	return (f->major ? FAULT_IS_MAJOR : 0u) | (f->inferred ? FAULT_IS_INFERRED : 0u) |
	       (unsigned)f->access << FAULT_ACCESS_SHIFT | (unsigned)f->cause << FAULT_CAUSE_SHIFT;
}

static void set_fault_kind(struct event_fault *f, uint64_t kind)
{
	f->major = kind & FAULT_IS_MAJOR;
	f->inferred = kind & FAULT_IS_INFERRED;
	f->access = (enum fault_access)(kind >> FAULT_ACCESS_SHIFT & 3);
	f->cause = (enum fault_cause)(kind >> FAULT_CAUSE_SHIFT);
}

static unsigned story_differs(const struct event_story *s, const struct event_fault *before)
{
	const struct event_fault *f = &s->fault;

	return (f->ip != before->ip ? STORY_IP : 0u) | (f->tid != before->tid ? STORY_TID : 0u) |
	       (fault_kind(f) != fault_kind(before) ? STORY_KIND : 0u) |
	       (f->was != before->was || f->now != before->now ? STORY_WORDS : 0u) |
	       (f->before != before->before || f->after != before->after ? STORY_AROUND : 0u) |
	       (s->pages != 1 ? STORY_PAGES : 0u);
}

static void put_story(struct coder *c, struct strbuf *out, const struct event *e)
{
	const struct event_story *s = &e->story;
	const struct event_fault *f = &s->fault;
	unsigned differs = story_differs(s, &c->story);

	bytes_put_varint(out, differs);
	bytes_put_signed(out, (int64_t)(s->first - c->story_page));
	bytes_put_signed(out, (int64_t)(f->address - (s->first << c->page_shift)));
	if (differs & STORY_PAGES)
		bytes_put_varint(out, s->pages);
	if (differs & STORY_IP)
		bytes_put_signed(out, (int64_t)(f->ip - c->story.ip));
	if (differs & STORY_TID)
		bytes_put_varint(out, (uint64_t)f->tid);
	if (differs & STORY_KIND)
		bytes_put_varint(out, fault_kind(f));
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
	c->fault_ip = f->ip;
	put_stack(c, out, &e->stack);
}

static void get_story_fault(struct coder *c, struct cursor *in, struct event_fault *f, uint64_t differs)
{
	*f = c->story;
	if (differs & STORY_IP)
		f->ip += (uint64_t)bytes_get_signed(in);
	if (differs & STORY_TID)
		f->tid = (int32_t)bytes_get_bounded(in, INT32_MAX);
	if (differs & STORY_KIND)
		set_fault_kind(f, bytes_get_bounded(in, (FAULT_CAUSES << FAULT_CAUSE_SHIFT) - 1));
	if (differs & STORY_WORDS) {
		f->was = get_word(in);
		f->now = get_word(in);
	}
	if (differs & STORY_AROUND) {
		f->before = (uint16_t)bytes_get_bounded(in, FAULT_AROUND_MAX);
		f->after = (uint16_t)bytes_get_bounded(in, FAULT_AROUND_MAX);
	}
}

static void get_story(struct coder *c, struct cursor *in, struct event *e)
{
	struct event_story *s = &e->story;
	uint64_t differs = bytes_get_bounded(in, 2 * STORY_PAGES - 1), off;

	s->first = c->story_page + (uint64_t)bytes_get_signed(in);
	off = (uint64_t)bytes_get_signed(in);
	s->pages = differs & STORY_PAGES ? bytes_get_bounded(in, STORY_PAGES_MAX) : 1;
	get_story_fault(c, in, &s->fault, differs);
	s->fault.address = (s->first << c->page_shift) + off;
	if (!s->pages || s->first >= RUNS_END || s->first + s->pages > RUNS_END)
		in->bad = true;
	c->story_page = s->first + s->pages;
	c->story = s->fault;
	c->fault_ip = s->fault.ip;
	get_stack(c, in, &e->stack);
}

static void put_sample(struct coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->sample.resident);
	bytes_put_varint(out, e->sample.minor);
	bytes_put_varint(out, e->sample.major);
	bytes_put_varint(out, e->sample.quiet_ns);
}

static void get_sample(struct coder *c, struct cursor *in, struct event *e)
{
	e->sample.resident = bytes_get_varint(in);
	e->sample.minor = bytes_get_varint(in);
	e->sample.major = bytes_get_varint(in);
	e->sample.quiet_ns = bytes_get_varint(in);
}

static void put_profile(struct coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->profile.rest);
	bytes_put_signed(out, (int64_t)(e->profile.ip - c->fault_ip));
	bytes_put_varint(out, e->profile.minor);
	bytes_put_varint(out, e->profile.major);
	bytes_put_varint(out, e->profile.pages);
	c->fault_ip = e->profile.ip;
	put_stack(c, out, &e->stack);
}

static void get_profile(struct coder *c, struct cursor *in, struct event *e)
{
	e->profile.rest = bytes_get_bounded(in, 1);
	e->profile.ip = c->fault_ip += (uint64_t)bytes_get_signed(in);
	e->profile.minor = bytes_get_varint(in);
	e->profile.major = bytes_get_varint(in);
	e->profile.pages = bytes_get_varint(in);
	get_stack(c, in, &e->stack);
}

static void put_nothing(struct coder *c, struct strbuf *out, const struct event *e)
{
}

static void get_nothing(struct coder *c, struct cursor *in, struct event *e)
{
}

const struct codec_row codec_rows[] = {
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
	{ 13, EVENT_FAULT, NULL, get_fault },
	{ 14, EVENT_SYMBOL, put_symbol, get_symbol },
	{ 15, EVENT_LINES, put_lines, get_lines },
	{ 16, EVENT_CALL, put_call, get_call },
	{ 17, EVENT_STOP, put_stop, get_stop },
	{ 18, EVENT_THREAD, put_thread, get_thread },
	{ 19, EVENT_PAST, put_past, get_past },
	{ 20, EVENT_STORY, put_story, get_story },
	{ 21, EVENT_SAMPLE, put_sample, get_sample },
	{ 22, EVENT_PROFILE, put_profile, get_profile },
};
const size_t codec_row_count = sizeof codec_rows / sizeof codec_rows[0];
