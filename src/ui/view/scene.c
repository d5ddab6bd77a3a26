/* Pages, slots and times of a picture.
 *
 * A slot is a page's place on the screen. With one process that is its page number; two that are compared
 * share slots, in which each has a page of its own number (compare/aligned.h). */
#include "ui/view/scene.h"

void scene_find_page(struct scene *scene)
{
	const struct aligned *al = scene_aligned(scene);

	scene->page = scene->view->grid.cursor;
	if (al &&
	    !aligned_page(al, aligned_side_of(al, scene->process), scene->view->grid.cursor, &scene->page))
		scene->page = RUNS_END;
}

/* The side that has the page under the cursor: the chosen one, if it has. */
static void turn_to_page(struct scene *scene)
{
	const struct aligned *al = scene_aligned(scene);
	enum aligned_side side = aligned_side_of(al, scene->process);
	uint64_t slot = scene->view->grid.cursor;

	if (!aligned_page(al, side, slot, &scene->page)) {
		side = side == ALIGNED_A ? ALIGNED_B : ALIGNED_A;
		if (!aligned_page(al, side, slot, &scene->page))
			scene->page = slot;
	}
	scene->process = al->pictures[side].process;
	scene->now_ns = al->pictures[side].now_ns;
}

bool scene_find_address(const struct scene *scene, uint64_t address, uint64_t *slot)
{
	const struct space *space = scene_layout_space(scene);
	const struct aligned *al = scene_aligned(scene);

	*slot = space_page(space, address);
	if (al)
		return aligned_slot(al, aligned_side_of(al, scene->process), *slot, slot);
	return space_find(space, address) != NULL;
}

bool scene_find_event(const struct scene *scene, const struct view_event *event, uint64_t *slot)
{
	const struct process *p = scene->process;
	const struct call_entry *call;
	const struct fault_entry *fault;
	const struct departure *left;

	if (!event->known)
		return false;
	switch (event->kind) {
	case EVENT_KIND_FAULT:
		fault = fault_log_at(&p->faults.log, event->number);
		return fault && scene_find_address(scene, fault->fault.address, slot);
	case EVENT_KIND_LEFT:
		left = departures_at(&p->departures, event->number);
		return left && scene_find_address(scene, space_address(p->space, left->left.first), slot);
	case EVENT_KIND_CALL:
		call = calls_at(&p->calls, event->number);
		return call && !call->call.error && scene_find_address(scene, call->call.result, slot);
	case EVENT_KIND_EXEC:
		return false; /* is about all memory */
	}
	return false;
}

struct scene scene_of_tab(const struct scene *scene, const struct tab *tab)
{
	struct scene own = *scene;

	if (scene_aligned(scene) && tab->ops->flags & TAB_OF_PAGE)
		turn_to_page(&own);
	return own;
}

enum paper scene_fresh(const struct scene *scene, uint32_t since_ms)
{
	uint64_t since = (uint64_t)since_ms * 1000000;
	uint64_t age = scene->now_ns > since ? scene->now_ns - since : 0;

	if (since_ms == 0 || age >= SCENE_FRESH3_NS)
		return PAPER_PLAIN;
	return age < SCENE_FRESH1_NS ? PAPER_FRESH1 : age < SCENE_FRESH2_NS ? PAPER_FRESH2 : PAPER_FRESH3;
}

bool scene_quiet(const struct scene *scene)
{
	return scene->now_ns >= scene->process->course.changed_ns + SCENE_QUIET_NS;
}

/* How long from now until the next time at which the picture changes. */
static void note_time(uint64_t *nearest, uint64_t now, uint64_t at)
{
	if (at > now && at - now < *nearest)
		*nearest = at - now;
}

/* Pages changed at many times; while any is fresh, all are checked this often. */
#define SETTLE_STEP_NS (UINT64_C(200) * 1000000)

uint64_t scene_settle_ns(const struct scene *scene)
{
	const struct space *s = scene->process->space;
	uint64_t nearest = UINT64_MAX, now = scene->now_ns, changed = scene->process->course.changed_ns;

	if (scene_aligned(scene))
		return UINT64_MAX; /* nothing moves */
	if (scene->pair && scene->pair->parted_ns > changed)
		changed = scene->pair->parted_ns;
	note_time(&nearest, now, changed + SCENE_FRESH1_NS);
	note_time(&nearest, now, changed + SCENE_FRESH2_NS);
	note_time(&nearest, now, changed + SCENE_FRESH3_NS);
	if (nearest != UINT64_MAX)
		note_time(&nearest, now, now + SETTLE_STEP_NS);
	for (size_t i = 0; i < s->ghost_count; i++)
		note_time(&nearest, now, s->ghosts[i]->died_ns + SPACE_GHOST_NS);
	note_time(&nearest, now, changed + SCENE_QUIET_NS);
	/* a little later, so that no rounding makes it too early */
	return nearest == UINT64_MAX ? nearest : nearest + 1000000;
}
