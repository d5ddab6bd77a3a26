/* The view at the beginning: everything shown, by address, zoom chosen to fit. */
#include "ui/view/view.h"

#include <string.h>

void view_init(struct view *v, int32_t pid)
{
	memset(v, 0, sizeof *v);
	v->pid = pid;
	v->grid.zoom_auto = true;
	v->regions.filter.kinds = ~UINT32_C(0);
}

void view_forget_diff(struct view *v)
{
	if (v->has_diff)
		diff_fini(&v->diff);
	v->has_diff = false;
	if (v->mark_b)
		space_destroy(v->mark_b);
	v->mark_b = NULL;
}

void view_forget_marks(struct view *v)
{
	view_forget_diff(v);
	if (v->mark_a)
		space_destroy(v->mark_a);
	v->mark_a = NULL;
}

void view_fini(struct view *v)
{
	view_forget_marks(v);
}
