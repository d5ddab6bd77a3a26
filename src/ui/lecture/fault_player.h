/* The page faults of a slide, shown one by one. */
#ifndef UI_LECTURE_FAULT_PLAYER_H
#define UI_LECTURE_FAULT_PLAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAULT_PLAYER_ALL SIZE_MAX

struct fault_player {
	size_t shown;    /* so many of them; FAULT_PLAYER_ALL: it does not play */
	uint64_t due_ns; /* the next is shown; UINT64_MAX: by itself none is */
};

/* Shows all. */
void fault_player_end(struct fault_player *);
/* Plays, from the first where it has come to its end; stops where it plays. `count`: of the slide's faults. */
void fault_player_toggle(struct fault_player *, size_t count, uint64_t now_ns);
/* Shows the next, if it is due. */
void fault_player_tick(struct fault_player *, size_t count, uint64_t now_ns);

#endif
