#include "store/pace.h"

#include "base/clock.h"

static const struct {
	unsigned speed, of;
} speeds[] = { { 1, 100 }, { 1, 50 }, { 1, 20 }, { 1, 10 }, { 1, 5 },  { 1, 2 },  { 1, 1 },
	       { 2, 1 },   { 5, 1 },  { 10, 1 }, { 20, 1 }, { 50, 1 }, { 100, 1 } };
#define SPEEDS (sizeof speeds / sizeof *speeds)
#define SPEED_ONE 6
_Static_assert(SPEED_ONE < SPEEDS, "as fast as it was is one of the speeds");

void pace_init(struct pace *p)
{
	*p = (struct pace){ .speed = SPEED_ONE };
}

uint64_t pace_position(const struct pace *p, uint64_t clock_ns)
{
	uint64_t passed = clock_ns > p->base_clock_ns ? clock_ns - p->base_clock_ns : 0;

	if (!p->playing)
		return p->now_ns;
	return p->base_ns + passed / speeds[p->speed].of * speeds[p->speed].speed;
}

uint64_t pace_duration(const struct pace *p, uint64_t ns)
{
	uint64_t speed = speeds[p->speed].speed, of = speeds[p->speed].of;

	return ns > UINT64_MAX / of ? UINT64_MAX : ns * of / speed;
}

void pace_go_on(struct pace *p, uint64_t now_ns)
{
	p->now_ns = p->base_ns = now_ns;
	p->base_clock_ns = clock_now_ns();
}

void pace_play(struct pace *p, bool playing, uint64_t now_ns)
{
	p->playing = playing;
	pace_go_on(p, now_ns);
}

bool pace_is_playing(const struct pace *p)
{
	return p->playing;
}

void pace_note(struct pace *p, uint64_t now_ns)
{
	p->now_ns = now_ns;
}

uint64_t pace_last(const struct pace *p)
{
	return p->now_ns;
}

bool pace_faster(struct pace *p, int by)
{
	if ((by < 0 && p->speed == 0) || (by > 0 && p->speed + 1 == SPEEDS))
		return false;
	pace_go_on(p, pace_position(p, clock_now_ns()));
	p->speed = by > 0 ? p->speed + 1 : p->speed - 1;
	return true;
}

void pace_speed(const struct pace *p, unsigned *speed, unsigned *of)
{
	*speed = speeds[p->speed].speed;
	*of = speeds[p->speed].of;
}
