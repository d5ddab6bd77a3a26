/* The page faults of a slide, shown one by one. */
#ifndef UI_LECTURE_FAULT_PLAYER_H
#define UI_LECTURE_FAULT_PLAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAULT_PLAYER_ALL SIZE_MAX

struct fault_player {
	size_t shown;    /* how many of them; FAULT_PLAYER_ALL: not playing */
	uint64_t due_ns; /* when the next is shown; UINT64_MAX: stopped */
};

/* Shows all. */
void fault_player_end(struct fault_player *);
/* Plays, from the first fault if it was at the end; stops if it is playing. `count`: the number of the
 * slide's faults. */
void fault_player_toggle(struct fault_player *, size_t count, uint64_t now_ns);
/* Shows the next, if it is due. */
void fault_player_tick(struct fault_player *, size_t count, uint64_t now_ns);

#endif
