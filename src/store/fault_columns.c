/* Why these columns: most of a compiler's faults come from a few instructions, in pages next to ones that
 * were touched just before, at the offset in the page where the same instruction touched the last one. What
 * is left is time: its magnitude compresses well, the bits below do not.
 *
 *     memset  0x7f1200003000          ip: position 0   page: position 0, +1   offset: the same
 *     malloc  0x55d2c1f0bff8          ip: position 1   page: position 1, +1   offset: 16 less */
#include "store/fault_columns.h"

#include "base/mem.h"
#include "event/page.h"
#include "store/codec_bits.h"

#define PAGES_RECENT 16
#define PAGES_NEAR 7 /* on either side of a recent one */
#define PAGE_STEPS (2 * PAGES_NEAR + 1)

/* Flags of a kind, above the bits that a fault's kind has everywhere. */
enum {
	KIND_AT_IP = 1 << 11,      /* the address is that of the instruction */
	KIND_NEIGHBOURS = 1 << 12, /* neighbours came with it */
	KIND_STACK = 1 << 13,
	KIND_END = 1 << 14,
};
_Static_assert(CODEC_KIND_END <= KIND_AT_IP, "causes have their bits");
_Static_assert((PAGE_STATE_MASK | PAGE_FLAGS_MASK) <= 0xffff, "two words and a kind are one key");

/* An instruction's note: the offset in the page that it touched last, in the bits below its last stack. */
static inline void note_offset(struct fault_columns *c, uint64_t offset)
{
	recent_at(&c->ips, 0)->note = (recent_at(&c->ips, 0)->note & ~(uint64_t)UINT32_MAX) | offset;
}

void fault_columns_reset(struct fault_columns *c)
{
	recent_clear(&c->kinds);
	recent_clear(&c->threads);
	recent_clear(&c->ips);
	recent_clear(&c->pages);
	c->page = c->ip = c->count = 0;
	time_column_reset(&c->times);
	for (int i = 0; i < FAULT_COLUMNS; i++) {
		strbuf_clear(&c->out[i]);
		c->in[i] = (struct cursor){ 0 };
	}
}

void fault_columns_fini(struct fault_columns *c)
{
	for (int i = 0; i < FAULT_COLUMNS; i++)
		strbuf_fini(&c->out[i]);
	time_column_fini(&c->times);
}

/* Writes a key by its position; true if it is a new one. */
static bool put_recent(struct fault_columns *c, enum fault_column column, struct recent *recent, uint64_t key)
{
	size_t position = recent_find(recent, key);

	bytes_put_byte(&c->out[column], position < recent_count(recent) ? position + 1 : 0);
	if (position < recent_count(recent)) {
		recent_raise(recent, position);
		return false;
	}
	recent_add(recent, key, RECENT_MAX);
	return true;
}

static uint64_t kind_of(const struct event_fault *f, const struct event_stack *stack)
{
	return codec_fault_kind(f) | (f->address == f->ip ? KIND_AT_IP : 0u) |
	       (f->before || f->after ? KIND_NEIGHBOURS : 0u) | (stack->count ? KIND_STACK : 0u);
}

static void put_kind(struct fault_columns *c, uint64_t kind, const struct event_fault *f)
{
	uint64_t key = kind << 32 | (uint64_t)f->was << 16 | f->now;

	if (!put_recent(c, FAULT_COLUMN_KIND, &c->kinds, key))
		return;
	bytes_put_varint(&c->out[FAULT_COLUMN_NEWS], kind);
	bytes_put_varint(&c->out[FAULT_COLUMN_NEWS], f->was);
	bytes_put_varint(&c->out[FAULT_COLUMN_NEWS], f->now);
}

static void put_thread(struct fault_columns *c, int32_t pid, int32_t tid)
{
	if (tid < 0) /* the thread was gone when the kernel reported it */
		tid = 0;
	if (!put_recent(c, FAULT_COLUMN_THREAD, &c->threads, (uint64_t)pid << 32 | (uint32_t)tid))
		return;
	bytes_put_varint(&c->out[FAULT_COLUMN_NEWS], (uint64_t)pid);
	bytes_put_varint(&c->out[FAULT_COLUMN_NEWS], (uint64_t)tid);
}

static void put_ip(struct fault_columns *c, uint64_t ip)
{
	if (!put_recent(c, FAULT_COLUMN_IP, &c->ips, ip))
		return;
	bytes_put_signed(&c->out[FAULT_COLUMN_NEW_IP], (int64_t)(ip - c->ip));
	c->ip = ip;
}

/* The nearest recent page; count if none is near. */
static size_t nearest(struct recent *pages, uint64_t page)
{
	uint64_t best = PAGES_NEAR;
	size_t found = recent_count(pages);

	for (size_t i = 0; i < recent_count(pages); i++) {
		uint64_t near = recent_at(pages, i)->key, far = page > near ? page - near : near - page;

		if (far < best || (far == best && found == recent_count(pages))) {
			best = far;
			found = i;
		}
	}
	return found;
}

/* Zigzag encoding: 0, -1, 1, -2, ... as 0, 1, 2, 3. */
static uint64_t fold(int64_t value)
{
	return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static void put_page(struct fault_columns *c, uint64_t page)
{
	size_t position = nearest(&c->pages, page);

	if (position < recent_count(&c->pages)) {
		int64_t step = (int64_t)(page - recent_at(&c->pages, position)->key);

		bytes_put_byte(&c->out[FAULT_COLUMN_PAGE], 1 + position * PAGE_STEPS + fold(step));
		recent_raise(&c->pages, position);
		recent_at(&c->pages, 0)->key = page;
	} else {
		bytes_put_byte(&c->out[FAULT_COLUMN_PAGE], 0);
		bytes_put_signed(&c->out[FAULT_COLUMN_FAR_PAGE], (int64_t)(page - c->page));
		recent_add(&c->pages, page, PAGES_RECENT);
	}
	c->page = page;
}

static void put_offset(struct fault_columns *c, uint64_t offset, uint64_t mask)
{
	uint64_t value = (offset - recent_at(&c->ips, 0)->note) & mask;

	bytes_put_byte(&c->out[FAULT_COLUMN_OFFSET], (value & 0x7f) | (value > 0x7f ? 0x80 : 0));
	if (value > 0x7f)
		bytes_put_varint(&c->out[FAULT_COLUMN_OFFSET_REST], value >> 7);
	note_offset(c, offset);
}

/* What fault-around gives: 16 pages, from one whose number 16 divides. */
static void put_neighbours(struct fault_columns *c, uint64_t page, const struct event_fault *f)
{
	uint64_t before = page % 16;

	bytes_put_signed(&c->out[FAULT_COLUMN_NEIGHBOURS], (int64_t)f->before - (int64_t)before);
	bytes_put_signed(&c->out[FAULT_COLUMN_NEIGHBOURS], (int64_t)f->after - (int64_t)(15 - before));
}

void fault_columns_put(struct fault_columns *c, struct stack_coder *stacks, unsigned page_shift,
		       const struct event *e, const struct event_fault *f)
{
	uint64_t kind = kind_of(f, &e->stack), page = f->address >> page_shift,
		 mask = (UINT64_C(1) << page_shift) - 1;

	c->count++;
	time_column_put(&c->times, e->time_ns);
	put_kind(c, kind, f);
	put_thread(c, e->pid, f->tid);
	put_ip(c, f->ip);
	if (!(kind & KIND_AT_IP)) {
		put_page(c, page);
		put_offset(c, f->address & mask, mask);
	}
	if (kind & KIND_NEIGHBOURS)
		put_neighbours(c, page, f);
	if (kind & KIND_STACK) {
		uint32_t same = (uint32_t)(recent_at(&c->ips, 0)->note >> 32);

		stacks->ip = f->ip;
		stack_put(stacks, &c->out[FAULT_COLUMN_STACK], &c->out[FAULT_COLUMN_NEW_STACK], &e->stack,
			  &same);
		recent_at(&c->ips, 0)->note = (uint64_t)same << 32 | (uint32_t)recent_at(&c->ips, 0)->note;
	}
}

uint64_t fault_columns_count(const struct fault_columns *c)
{
	return c->count;
}

const struct strbuf *fault_columns_column(const struct fault_columns *c, enum fault_column column)
{
	return &c->out[column];
}

size_t fault_columns_size(const struct fault_columns *c)
{
	size_t size = 2 * c->count;

	for (int i = 0; i < FAULT_COLUMNS; i++)
		size += c->out[i].len;
	return size;
}

void fault_columns_finish(struct fault_columns *c, struct strbuf *head)
{
	bytes_put_varint(
	    head, time_column_finish(&c->times, &c->out[FAULT_COLUMN_TIME], &c->out[FAULT_COLUMN_TIME_BITS]));
	bytes_put_varint(head, FAULT_COLUMNS);
	for (int i = 0; i < FAULT_COLUMNS; i++)
		bytes_put_varint(head, c->out[i].len);
}

/* Reading: the same steps, trusting nothing. */

static int64_t unfold(uint64_t value)
{
	return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

void fault_columns_open(struct fault_columns *c, struct cursor *body)
{
	uint64_t lengths[FAULT_COLUMNS] = { 0 }, columns;

	fault_columns_reset(c);
	time_column_begin(&c->times, bytes_get_bounded(body, UINT32_MAX));
	columns = bytes_get_bounded(body, (uint64_t)(body->end - body->at));
	if (columns < FAULT_COLUMNS)
		body->bad = true;
	for (uint64_t i = 0; i < columns; i++) {
		uint64_t length = bytes_get_varint(body);

		if (i < FAULT_COLUMNS)
			lengths[i] = length;
	}
	for (int i = 0; i < FAULT_COLUMNS && !body->bad; i++) {
		if (lengths[i] > (uint64_t)(body->end - body->at)) {
			body->bad = true;
			break;
		}
		c->in[i] = (struct cursor){ .at = body->at, .end = body->at + lengths[i] };
		body->at += lengths[i];
	}
}

enum got { GOT_KNOWN, GOT_NEW, GOT_BAD };

static inline enum got get_recent(struct fault_columns *c, enum fault_column column, struct recent *recent)
{
	size_t position = bytes_get_byte(&c->in[column]);

	if (c->in[column].bad || position > recent_count(recent))
		return GOT_BAD;
	if (!position)
		return GOT_NEW;
	recent_raise(recent, position - 1);
	return GOT_KNOWN;
}

static bool get_kind(struct fault_columns *c, uint64_t *kind, struct event_fault *f)
{
	struct cursor *news = &c->in[FAULT_COLUMN_NEWS];
	enum got got = get_recent(c, FAULT_COLUMN_KIND, &c->kinds);

	if (got == GOT_NEW) {
		uint64_t key = bytes_get_bounded(news, KIND_END - 1) << 32;

		key |= codec_get_word(news) << 16;
		key |= codec_get_word(news);
		recent_add(&c->kinds, key, RECENT_MAX);
	}
	if (got == GOT_BAD || news->bad)
		return false;
	*kind = recent_at(&c->kinds, 0)->key >> 32;
	f->was = recent_at(&c->kinds, 0)->key >> 16 & 0xffff;
	f->now = recent_at(&c->kinds, 0)->key & 0xffff;
	return codec_set_fault_kind(f, *kind % KIND_AT_IP);
}

static bool get_thread(struct fault_columns *c, struct event *e)
{
	struct cursor *news = &c->in[FAULT_COLUMN_NEWS];
	enum got got = get_recent(c, FAULT_COLUMN_THREAD, &c->threads);

	if (got == GOT_NEW) {
		uint64_t pid = bytes_get_bounded(news, INT32_MAX);

		recent_add(&c->threads, pid << 32 | bytes_get_bounded(news, INT32_MAX), RECENT_MAX);
	}
	if (got == GOT_BAD || news->bad)
		return false;
	e->pid = (int32_t)(recent_at(&c->threads, 0)->key >> 32);
	e->fault.tid = (int32_t)(recent_at(&c->threads, 0)->key & UINT32_MAX);
	return true;
}

static bool get_ip(struct fault_columns *c, uint64_t *ip)
{
	enum got got = get_recent(c, FAULT_COLUMN_IP, &c->ips);

	if (got == GOT_NEW) {
		c->ip += (uint64_t)bytes_get_signed(&c->in[FAULT_COLUMN_NEW_IP]);
		recent_add(&c->ips, c->ip, RECENT_MAX);
	}
	*ip = recent_count(&c->ips) ? recent_at(&c->ips, 0)->key : 0;
	return got != GOT_BAD && !c->in[FAULT_COLUMN_NEW_IP].bad;
}

static bool get_page(struct fault_columns *c, unsigned page_shift, uint64_t *page)
{
	uint64_t limit = UINT64_MAX >> page_shift;
	size_t what = bytes_get_byte(&c->in[FAULT_COLUMN_PAGE]),
	       position = what ? (what - 1) / PAGE_STEPS : 0;

	if (c->in[FAULT_COLUMN_PAGE].bad || (what && position >= recent_count(&c->pages)))
		return false;
	if (what) {
		*page =
		    (recent_at(&c->pages, position)->key + (uint64_t)unfold((what - 1) % PAGE_STEPS)) & limit;
		recent_raise(&c->pages, position);
		recent_at(&c->pages, 0)->key = *page;
	} else {
		*page = (c->page + (uint64_t)bytes_get_signed(&c->in[FAULT_COLUMN_FAR_PAGE])) & limit;
		recent_add(&c->pages, *page, PAGES_RECENT);
	}
	c->page = *page;
	return !c->in[FAULT_COLUMN_FAR_PAGE].bad;
}

static bool get_offset(struct fault_columns *c, uint64_t mask, uint64_t *offset)
{
	uint64_t value = bytes_get_byte(&c->in[FAULT_COLUMN_OFFSET]);

	if (value & 0x80)
		value = (value & 0x7f) | bytes_get_varint(&c->in[FAULT_COLUMN_OFFSET_REST]) << 7;
	*offset = (value + recent_at(&c->ips, 0)->note) & mask;
	note_offset(c, *offset);
	return !c->in[FAULT_COLUMN_OFFSET].bad && !c->in[FAULT_COLUMN_OFFSET_REST].bad;
}

static bool get_neighbours(struct fault_columns *c, uint64_t page, struct event_fault *f)
{
	struct cursor *in = &c->in[FAULT_COLUMN_NEIGHBOURS];
	int64_t before = (int64_t)(page % 16), after = 15 - before;

	before += (int16_t)bytes_get_signed(in);
	after += (int16_t)bytes_get_signed(in);
	if (in->bad || before < 0 || after < 0 || before > FAULT_AROUND_MAX || after > FAULT_AROUND_MAX)
		return false;
	f->before = (uint16_t)before;
	f->after = (uint16_t)after;
	return true;
}

static bool get_stack(struct fault_columns *c, struct stack_coder *stacks, uint64_t ip,
		      struct event_stack *stack)
{
	uint32_t same = (uint32_t)(recent_at(&c->ips, 0)->note >> 32);

	stacks->ip = ip;
	stack_get(stacks, &c->in[FAULT_COLUMN_STACK], &c->in[FAULT_COLUMN_NEW_STACK], stack, &same);
	recent_at(&c->ips, 0)->note = (uint64_t)same << 32 | (uint32_t)recent_at(&c->ips, 0)->note;
	return !c->in[FAULT_COLUMN_STACK].bad;
}

bool fault_columns_get(struct fault_columns *c, struct stack_coder *stacks, unsigned page_shift,
		       struct event *e)
{
	struct event_fault *f = &e->fault;
	uint64_t kind = 0, page = 0, offset = 0, mask = (UINT64_C(1) << page_shift) - 1;

	e->type = EVENT_FAULT;
	if (!time_column_get(&c->times, &c->in[FAULT_COLUMN_TIME], &c->in[FAULT_COLUMN_TIME_BITS],
			     &e->time_ns) ||
	    !get_kind(c, &kind, f) || !get_thread(c, e) || !get_ip(c, &f->ip))
		return false;
	f->address = f->ip;
	if (!(kind & KIND_AT_IP)) {
		if (!get_page(c, page_shift, &page) || !get_offset(c, mask, &offset))
			return false;
		f->address = page << page_shift | offset;
	}
	if (kind & KIND_NEIGHBOURS && !get_neighbours(c, f->address >> page_shift, f))
		return false;
	return !(kind & KIND_STACK) || get_stack(c, stacks, f->ip, &e->stack);
}
