/* Why these columns: of a compiler's faults most come from a few instructions, in pages next
 * to ones that were touched just before, at the place in the page where the same instruction
 * touched the last one. What is left is time: its magnitude packs, the bits below do not.
 *
 *     memset  0x7f1200003000          ip: place 0   page: place 0, +1   offset: the same
 *     malloc  0x55d2c1f0bff8          ip: place 1   page: place 1, +1   offset: 16 less
 *
 * A magnitude is a number with its two bits below the top one:
 *
 *     0..7        itself
 *     1 ab x...   e bits x:  (e + 1) * 4 + ab, and x in the column of bits
 *     252         backwards: the magnitude that follows is what time went back */
#include "store/fault_columns_format.h"

#include <stdlib.h>

#include "base/mem.h"

void fault_columns_reset(struct fault_columns *c)
{
	c->kinds.count = c->threads.count = c->ips.count = c->pages.count = 0;
	c->time_ns = c->page = c->ip = c->count = c->bits = c->unit = 0;
	c->bit_count = 0;
	for (int i = 0; i < FAULT_COLUMNS; i++) {
		strbuf_clear(&c->out[i]);
		c->in[i] = (struct cursor){ 0 };
	}
}

void fault_columns_fini(struct fault_columns *c)
{
	for (int i = 0; i < FAULT_COLUMNS; i++)
		strbuf_fini(&c->out[i]);
	free(c->times);
	c->times = NULL;
	c->time_cap = 0;
}

static void put_byte(struct fault_columns *c, enum fault_column column, size_t byte)
{
	struct strbuf *out = &c->out[column];

	mem_grow(out->text, out->cap, out->len + 1);
	out->text[out->len++] = (char)byte;
}

/* True where it is a new one. */
static bool put_recent(struct fault_columns *c, enum fault_column column, struct recent *recent, uint64_t key)
{
	size_t place = recent_find(recent, key);

	put_byte(c, column, place < recent->count ? place + 1 : 0);
	if (place < recent->count) {
		recent_raise(recent, place);
		return false;
	}
	recent_add(recent, key, RECENT_MAX);
	return true;
}

static uint64_t kind_of(const struct event *e)
{
	const struct event_fault *f = &e->fault;

	return (f->major ? KIND_MAJOR : 0u) | (f->inferred ? KIND_INFERRED : 0u) |
	       (unsigned)f->access << KIND_ACCESS_SHIFT | (unsigned)f->cause << KIND_CAUSE_SHIFT |
	       (f->address == f->ip ? KIND_AT_IP : 0u) | (f->before || f->after ? KIND_NEIGHBOURS : 0u) |
	       (e->stack.count ? KIND_STACK : 0u);
}

static void put_kind(struct fault_columns *c, uint64_t kind, const struct event_fault *f)
{
	uint64_t key = kind << 32 | (uint64_t)f->was << 16 | f->now;

	if (!put_recent(c, COLUMN_KIND, &c->kinds, key))
		return;
	bytes_put_varint(&c->out[COLUMN_NEWS], kind);
	bytes_put_varint(&c->out[COLUMN_NEWS], f->was);
	bytes_put_varint(&c->out[COLUMN_NEWS], f->now);
}

static void put_thread(struct fault_columns *c, int32_t pid, int32_t tid)
{
	if (tid < 0) /* one that had gone when the kernel told of it */
		tid = 0;
	if (!put_recent(c, COLUMN_THREAD, &c->threads, (uint64_t)pid << 32 | (uint32_t)tid))
		return;
	bytes_put_varint(&c->out[COLUMN_NEWS], (uint64_t)pid);
	bytes_put_varint(&c->out[COLUMN_NEWS], (uint64_t)tid);
}

static void put_ip(struct fault_columns *c, uint64_t ip)
{
	if (!put_recent(c, COLUMN_IP, &c->ips, ip))
		return;
	bytes_put_signed(&c->out[COLUMN_NEW_IP], (int64_t)(ip - c->ip));
	c->ip = ip;
}

/* The recent page that is nearest; count where none is near. */
static size_t nearest(struct recent *pages, uint64_t page)
{
	uint64_t best = PAGES_NEAR;
	size_t found = pages->count;

	for (size_t i = 0; i < pages->count; i++) {
		uint64_t near = recent_at(pages, i)->key, far = page > near ? page - near : near - page;

		if (far < best || (far == best && found == pages->count)) {
			best = far;
			found = i;
		}
	}
	return found;
}

/* 0, -1, 1, -2, ... as 0, 1, 2, 3. */
static uint64_t fold(int64_t value)
{
	return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static void put_page(struct fault_columns *c, uint64_t page)
{
	size_t place = nearest(&c->pages, page);

	if (place < c->pages.count) {
		int64_t step = (int64_t)(page - recent_at(&c->pages, place)->key);

		put_byte(c, COLUMN_PAGE, 1 + place * PAGE_STEPS + fold(step));
		recent_raise(&c->pages, place);
		recent_at(&c->pages, 0)->key = page;
	} else {
		put_byte(c, COLUMN_PAGE, 0);
		bytes_put_signed(&c->out[COLUMN_FAR_PAGE], (int64_t)(page - c->page));
		recent_add(&c->pages, page, PAGES_RECENT);
	}
	c->page = page;
}

static void put_offset(struct fault_columns *c, uint64_t offset, uint64_t mask)
{
	uint64_t value = (offset - recent_at(&c->ips, 0)->note) & mask;

	put_byte(c, COLUMN_OFFSET, (value & 0x7f) | (value > 0x7f ? 0x80 : 0));
	if (value > 0x7f)
		bytes_put_varint(&c->out[COLUMN_OFFSET_REST], value >> 7);
	note_offset(c, offset);
}

/* What fault-around gives: 16 pages, from one whose number 16 divides. */
static void put_neighbours(struct fault_columns *c, uint64_t page, const struct event_fault *f)
{
	uint64_t before = page % 16;

	bytes_put_signed(&c->out[COLUMN_NEIGHBOURS], (int64_t)f->before - (int64_t)before);
	bytes_put_signed(&c->out[COLUMN_NEIGHBOURS], (int64_t)f->after - (int64_t)(15 - before));
}

static void put_time(struct fault_columns *c, uint64_t time_ns)
{
	mem_grow(c->times, c->time_cap, c->count + 1);
	c->times[c->count++] = (int64_t)(time_ns - c->time_ns);
	c->time_ns = time_ns;
}

void fault_columns_put(struct fault_columns *c, struct stack_coder *stacks, unsigned page_shift,
		       const struct event *e)
{
	const struct event_fault *f = &e->fault;
	uint64_t kind = kind_of(e), page = f->address >> page_shift, mask = (UINT64_C(1) << page_shift) - 1;

	put_time(c, e->time_ns);
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
		stack_put(stacks, &c->out[COLUMN_STACK], &c->out[COLUMN_NEW_STACK], &e->stack, &same);
		recent_at(&c->ips, 0)->note = (uint64_t)same << 32 | (uint32_t)recent_at(&c->ips, 0)->note;
	}
}

size_t fault_columns_size(const struct fault_columns *c)
{
	size_t size = 2 * c->count;

	for (int i = 0; i < FAULT_COLUMNS; i++)
		size += c->out[i].len;
	return size;
}

static void put_bits(struct fault_columns *c, uint64_t value, unsigned n)
{
	while (n) {
		unsigned now = n < 32 ? n : 32;

		c->bits |= (value & ((UINT64_C(1) << now) - 1)) << c->bit_count;
		c->bit_count += now;
		value >>= now;
		n -= now;
		for (; c->bit_count >= 8; c->bit_count -= 8, c->bits >>= 8)
			put_byte(c, COLUMN_TIME_BITS, c->bits & 0xff);
	}
}

static void put_magnitude(struct fault_columns *c, uint64_t value)
{
	unsigned below = value < 8 ? 0 : 61 - (unsigned)__builtin_clzll(value);

	put_byte(c, COLUMN_TIME, value < 8 ? value : (below << 2) + (value >> below));
	put_bits(c, value, below);
}

/* Sources tell times of faults in coarser units than a nanosecond, mostly. */
static uint64_t unit_of(const struct fault_columns *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->times[i] % FAULT_TIME_NS)
			return 1;
	return FAULT_TIME_NS;
}

void fault_columns_finish(struct fault_columns *c, struct strbuf *head)
{
	int64_t unit = (int64_t)unit_of(c);

	for (size_t i = 0; i < c->count; i++) {
		int64_t value = unit == 1 ? c->times[i] : c->times[i] / FAULT_TIME_NS;

		if (value < 0)
			put_byte(c, COLUMN_TIME, TIME_BACK);
		put_magnitude(c, value < 0 ? -(uint64_t)value : (uint64_t)value);
	}
	if (c->bit_count)
		put_byte(c, COLUMN_TIME_BITS, c->bits);
	c->bits = c->bit_count = 0;
	bytes_put_varint(head, (uint64_t)unit);
	bytes_put_varint(head, FAULT_COLUMNS);
	for (int i = 0; i < FAULT_COLUMNS; i++)
		bytes_put_varint(head, c->out[i].len);
}
