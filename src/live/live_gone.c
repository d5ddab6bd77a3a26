/* Faults in regions that are gone: live/gone.h finds them, here the model gets what they lay in for as
 * long as they are told. */
#include "base/mem.h"
#include "live/live_state.h"

/* Kinds of regions follow from others of the same file: those of now, and those that are gone. */
static void tell_kinds(struct live *live, const struct space *space)
{
	struct gone_list *mapped = &live->faults.gone.mapped;
	struct region_list list = { 0 };
	mem_grow(list.attrs, list.cap, space->count + mapped->count);
	for (; list.count < space->count; list.count++)
		list.attrs[list.count] = space->regions[list.count]->attr;
	for (size_t i = 0; i < mapped->count; i++)
		list.attrs[list.count++] = mapped->list[i].attr;
	reader_tell_kinds(live->reader, &list);
	for (size_t i = 0; i < mapped->count; i++)
		mapped->list[i].attr = list.attrs[space->count + i];
	region_list_fini(&list);
}

bool live_find_gone(struct live *live, const struct process *process)
{
	struct live_faults *f = &live->faults;
	const struct look *look = &live->look;
	if (!gone_find(&f->gone, &f->batch, process->space, look->maps_began_ns, look->began_ns))
		return false;
	tell_kinds(live, process->space);
	touches_apart(&f->touches, &f->batch, process, f->gone.old, f->gone.fresh_ns, look->began_ns);
	return true;
}

void live_show_gone(struct live *live, struct sink *sink, const struct space *space, size_t record)
{
	struct event stamp = { .time_ns = look_time(&live->look), .pid = live->pid };
	gone_show(&live->faults.gone, record, &live->faults.batch, space, sink, &stamp);
}
