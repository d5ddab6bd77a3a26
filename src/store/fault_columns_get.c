/* The same steps as in writing, trusting nothing. */
#include "store/fault_columns_format.h"

static int64_t unfold(uint64_t value)
{
	return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

void fault_columns_open(struct fault_columns *c, struct cursor *body)
{
	uint64_t lengths[FAULT_COLUMNS] = { 0 }, columns;

	fault_columns_reset(c);
	c->unit = bytes_get_bounded(body, UINT32_MAX);
	columns = bytes_get_bounded(body, (uint64_t)(body->end - body->at));
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

static inline size_t get_byte(struct fault_columns *c, enum fault_column column)
{
	struct cursor *in = &c->in[column];

	if (in->at < in->end)
		return *in->at++;
	in->bad = true;
	return 0;
}

enum got { GOT_KNOWN, GOT_NEW, GOT_BAD };

static inline enum got get_recent(struct fault_columns *c, enum fault_column column, struct recent *recent)
{
	size_t place = get_byte(c, column);

	if (c->in[column].bad || place > recent->count)
		return GOT_BAD;
	if (!place)
		return GOT_NEW;
	recent_raise(recent, place - 1);
	return GOT_KNOWN;
}

static uint64_t get_word(struct cursor *in)
{
	uint64_t word = bytes_get_bounded(in, PAGE_STATE_MASK | PAGE_FLAGS_MASK);

	if (page_state((uint32_t)word) >= PAGE_STATES)
		in->bad = true;
	return word;
}

static bool get_kind(struct fault_columns *c, uint64_t *kind, struct event_fault *f)
{
	struct cursor *news = &c->in[COLUMN_NEWS];
	enum got got = get_recent(c, COLUMN_KIND, &c->kinds);

	if (got == GOT_NEW) {
		uint64_t key = bytes_get_bounded(news, KIND_END - 1) << 32;

		key |= get_word(news) << 16;
		key |= get_word(news);
		recent_add(&c->kinds, key, RECENT_MAX);
	}
	if (got == GOT_BAD || news->bad)
		return false;
	*kind = recent_at(&c->kinds, 0)->key >> 32;
	f->was = recent_at(&c->kinds, 0)->key >> 16 & 0xffff;
	f->now = recent_at(&c->kinds, 0)->key & 0xffff;
	f->major = *kind & KIND_MAJOR;
	f->inferred = *kind & KIND_INFERRED;
	f->access = (enum fault_access)(*kind >> KIND_ACCESS_SHIFT & 3);
	f->cause = (enum fault_cause)(*kind % KIND_AT_IP >> KIND_CAUSE_SHIFT);
	return f->cause < FAULT_CAUSES;
}

static bool get_thread(struct fault_columns *c, struct event *e)
{
	struct cursor *news = &c->in[COLUMN_NEWS];
	enum got got = get_recent(c, COLUMN_THREAD, &c->threads);

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
	enum got got = get_recent(c, COLUMN_IP, &c->ips);

	if (got == GOT_NEW) {
		c->ip += (uint64_t)bytes_get_signed(&c->in[COLUMN_NEW_IP]);
		recent_add(&c->ips, c->ip, RECENT_MAX);
	}
	*ip = c->ips.count ? recent_at(&c->ips, 0)->key : 0;
	return got != GOT_BAD && !c->in[COLUMN_NEW_IP].bad;
}

static bool get_page(struct fault_columns *c, unsigned page_shift, uint64_t *page)
{
	uint64_t limit = UINT64_MAX >> page_shift;
	size_t what = get_byte(c, COLUMN_PAGE), place = what ? (what - 1) / PAGE_STEPS : 0;

	if (c->in[COLUMN_PAGE].bad || (what && place >= c->pages.count))
		return false;
	if (what) {
		*page =
		    (recent_at(&c->pages, place)->key + (uint64_t)unfold((what - 1) % PAGE_STEPS)) & limit;
		recent_raise(&c->pages, place);
		recent_at(&c->pages, 0)->key = *page;
	} else {
		*page = (c->page + (uint64_t)bytes_get_signed(&c->in[COLUMN_FAR_PAGE])) & limit;
		recent_add(&c->pages, *page, PAGES_RECENT);
	}
	c->page = *page;
	return !c->in[COLUMN_FAR_PAGE].bad;
}

static bool get_offset(struct fault_columns *c, uint64_t mask, uint64_t *offset)
{
	uint64_t value = get_byte(c, COLUMN_OFFSET);

	if (value & 0x80)
		value = (value & 0x7f) | bytes_get_varint(&c->in[COLUMN_OFFSET_REST]) << 7;
	*offset = (value + recent_at(&c->ips, 0)->note) & mask;
	note_offset(c, *offset);
	return !c->in[COLUMN_OFFSET].bad && !c->in[COLUMN_OFFSET_REST].bad;
}

static bool get_neighbours(struct fault_columns *c, uint64_t page, struct event_fault *f)
{
	struct cursor *in = &c->in[COLUMN_NEIGHBOURS];
	int64_t before = (int64_t)(page % 16), after = 15 - before;

	before += (int16_t)bytes_get_signed(in);
	after += (int16_t)bytes_get_signed(in);
	if (in->bad || before < 0 || after < 0 || before > FAULT_AROUND_MAX || after > FAULT_AROUND_MAX)
		return false;
	f->before = (uint16_t)before;
	f->after = (uint16_t)after;
	return true;
}

/* As many as there is room for, where the column has that many; else what is needed. */
static void fill_bits(struct fault_columns *c, unsigned need)
{
	struct cursor *in = &c->in[COLUMN_TIME_BITS];

	if (in->end - in->at >= 8) {
		unsigned room = (63 - c->bit_count) / 8;

		c->bits |= bytes_get_le(in->at, 8) << c->bit_count;
		c->bits &= UINT64_MAX >> (64 - c->bit_count - 8 * room);
		c->bit_count += 8 * room;
		in->at += room;
	}
	for (; c->bit_count < need; c->bit_count += 8)
		c->bits |= (uint64_t)get_byte(c, COLUMN_TIME_BITS) << c->bit_count;
}

static uint64_t get_bits(struct fault_columns *c, unsigned n)
{
	uint64_t value = 0;

	for (unsigned have = 0; have < n;) {
		unsigned now = n - have < 32 ? n - have : 32;

		if (c->bit_count < now)
			fill_bits(c, now);
		value |= (c->bits & ((UINT64_C(1) << now) - 1)) << have;
		c->bits >>= now;
		c->bit_count -= now;
		have += now;
	}
	return value;
}

static bool get_time(struct fault_columns *c, uint64_t *time_ns)
{
	uint64_t value = get_byte(c, COLUMN_TIME);
	bool back = value == TIME_BACK;

	if (back)
		value = get_byte(c, COLUMN_TIME);
	if (value >= TIME_BACK)
		return false;
	if (value >= 8) {
		unsigned below = (unsigned)(value >> 2) - 1;

		value = (4 | (value & 3)) << below | get_bits(c, below);
	}
	c->time_ns += back ? -(value * c->unit) : value * c->unit;
	*time_ns = c->time_ns;
	return !c->in[COLUMN_TIME].bad && !c->in[COLUMN_TIME_BITS].bad;
}

static bool get_stack(struct fault_columns *c, struct stack_coder *stacks, uint64_t ip,
		      struct event_stack *stack)
{
	uint32_t same = (uint32_t)(recent_at(&c->ips, 0)->note >> 32);

	stacks->ip = ip;
	stack_get(stacks, &c->in[COLUMN_STACK], &c->in[COLUMN_NEW_STACK], stack, &same);
	recent_at(&c->ips, 0)->note = (uint64_t)same << 32 | (uint32_t)recent_at(&c->ips, 0)->note;
	return !c->in[COLUMN_STACK].bad;
}

bool fault_columns_get(struct fault_columns *c, struct stack_coder *stacks, unsigned page_shift,
		       struct event *e)
{
	struct event_fault *f = &e->fault;
	uint64_t kind = 0, page = 0, offset = 0, mask = (UINT64_C(1) << page_shift) - 1;

	e->type = EVENT_FAULT;
	if (!get_time(c, &e->time_ns) || !get_kind(c, &kind, f) || !get_thread(c, e) || !get_ip(c, &f->ip))
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
