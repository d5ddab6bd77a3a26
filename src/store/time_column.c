#include "store/time_column.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "event/event.h"

#define TIME_BACK 252

void time_column_reset(struct time_column *c)
{
	c->time_ns = c->unit = c->bits = 0;
	c->count = 0;
	c->bit_count = 0;
}

void time_column_fini(struct time_column *c)
{
	free(c->times);
	*c = (struct time_column){ 0 };
}

void time_column_put(struct time_column *c, uint64_t time_ns)
{
	mem_grow(c->times, c->cap, c->count + 1);
	c->times[c->count++] = (int64_t)(time_ns - c->time_ns);
	c->time_ns = time_ns;
}

static void put_bits(struct time_column *c, struct strbuf *out, uint64_t value, unsigned n)
{
	while (n) {
		unsigned now = min(n, 32);

		c->bits |= (value & ((UINT64_C(1) << now) - 1)) << c->bit_count;
		c->bit_count += now;
		value >>= now;
		n -= now;
		for (; c->bit_count >= 8; c->bit_count -= 8, c->bits >>= 8)
			bytes_put_byte(out, c->bits & 0xff);
	}
}

static void put_magnitude(struct time_column *c, struct strbuf *magnitudes, struct strbuf *bits,
			  uint64_t value)
{
	unsigned below = value < 8 ? 0 : 61 - (unsigned)__builtin_clzll(value);

	bytes_put_byte(magnitudes, value < 8 ? value : (below << 2) + (value >> below));
	put_bits(c, bits, value, below);
}

/* Most sources report times of faults in coarser units than a nanosecond. */
static uint64_t unit_of(const struct time_column *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->times[i] % FAULT_TIME_NS)
			return 1;
	return FAULT_TIME_NS;
}

uint64_t time_column_finish(struct time_column *c, struct strbuf *magnitudes, struct strbuf *bits)
{
	int64_t unit = (int64_t)unit_of(c);

	for (size_t i = 0; i < c->count; i++) {
		int64_t value = unit == 1 ? c->times[i] : c->times[i] / FAULT_TIME_NS;

		if (value < 0)
			bytes_put_byte(magnitudes, TIME_BACK);
		put_magnitude(c, magnitudes, bits, value < 0 ? -(uint64_t)value : (uint64_t)value);
	}
	if (c->bit_count)
		bytes_put_byte(bits, c->bits);
	c->bits = c->bit_count = 0;
	return (uint64_t)unit;
}

/* Fills the bit buffer as far as there is room, if the column has that many bits; else with those needed. */
static void fill_bits(struct time_column *c, struct cursor *in, unsigned need)
{
	if (in->end - in->at >= 8) {
		unsigned room = (63 - c->bit_count) / 8;

		c->bits |= bytes_get_le(in->at, 8) << c->bit_count;
		c->bits &= UINT64_MAX >> (64 - c->bit_count - 8 * room);
		c->bit_count += 8 * room;
		in->at += room;
	}
	for (; c->bit_count < need; c->bit_count += 8)
		c->bits |= (uint64_t)bytes_get_byte(in) << c->bit_count;
}

static uint64_t get_bits(struct time_column *c, struct cursor *in, unsigned n)
{
	uint64_t value = 0;

	for (unsigned have = 0; have < n;) {
		unsigned now = min(n - have, 32);

		if (c->bit_count < now)
			fill_bits(c, in, now);
		value |= (c->bits & ((UINT64_C(1) << now) - 1)) << have;
		c->bits >>= now;
		c->bit_count -= now;
		have += now;
	}
	return value;
}

void time_column_begin(struct time_column *c, uint64_t unit)
{
	c->unit = unit;
}

bool time_column_get(struct time_column *c, struct cursor *magnitudes, struct cursor *bits, uint64_t *time_ns)
{
	uint64_t value = bytes_get_byte(magnitudes);
	bool back = value == TIME_BACK;

	if (back)
		value = bytes_get_byte(magnitudes);
	if (value >= TIME_BACK)
		return false;
	if (value >= 8) {
		unsigned below = (unsigned)(value >> 2) - 1;

		value = (4 | (value & 3)) << below | get_bits(c, bits, below);
	}
	c->time_ns += back ? -(value * c->unit) : value * c->unit;
	*time_ns = c->time_ns;
	return !magnitudes->bad && !bits->bad;
}
