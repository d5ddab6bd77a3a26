#include "ui/lecture/fault_player.h"

#include "base/clock.h"

#define PACE_NS (700 * CLOCK_MS)

void fault_player_end(struct fault_player *p)
{
	*p = (struct fault_player){ .shown = FAULT_PLAYER_ALL, .due_ns = UINT64_MAX };
}

void fault_player_toggle(struct fault_player *p, size_t count, uint64_t now_ns)
{
	if (p->shown != FAULT_PLAYER_ALL && p->due_ns != UINT64_MAX) {
		p->due_ns = UINT64_MAX; /* stopped: the next press continues */
		return;
	}
	if (p->shown >= count) /* also if it showed all */
		p->shown = 0;
	p->due_ns = now_ns + PACE_NS;
}

void fault_player_tick(struct fault_player *p, size_t count, uint64_t now_ns)
{
	if (now_ns < p->due_ns)
		return;
	p->due_ns = ++p->shown >= count ? UINT64_MAX : now_ns + PACE_NS;
}
