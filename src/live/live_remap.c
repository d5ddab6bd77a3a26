/* Faults in regions that are gone: live/remap.h finds them, here the model gets what they lay in for as
 * long as they are told. */
#include "base/mem.h"
#include "live/live_state.h"

/* Kinds of regions follow from others of the same file: those of now, and those that are gone. */
static void tell_kinds(struct live *live, const struct space *space)
{
	struct remap_list *mapped = &live->faults.remap.mapped;
	struct region_list list = { 0 };
	mem_grow(list.attrs, list.cap, space->count + mapped->count);
	for (; list.count < space->count; list.count++)
		list.attrs[list.count] = space->regions[list.count]->attr;
	for (size_t i = 0; i < mapped->count; i++)
		list.attrs[list.count++] = mapped->list[i].attr;
	reader_set_kinds(live->reader, &list);
	for (size_t i = 0; i < mapped->count; i++)
		mapped->list[i].attr = list.attrs[space->count + i];
	region_list_fini(&list);
}

bool live_find_remap(struct live *live, const struct process *process)
{
	struct live_faults *f = &live->faults;
	const struct schedule *schedule = &live->schedule;
	if (!remap_find(&f->remap, &f->batch, process->space, schedule->maps_began_ns, schedule->began_ns))
		return false;
	tell_kinds(live, process->space);
	touches_apart(&f->touches, &f->batch, process, f->remap.old, f->remap.fresh_ns, schedule->began_ns);
	return true;
}

void live_show_remap(struct live *live, struct sink *sink, const struct space *space, size_t record)
{
	struct event stamp = { .time_ns = schedule_time(&live->schedule), .pid = live->pid };
	remap_show(&live->faults.remap, record, &live->faults.batch, space, sink, &stamp);
}
