#include "ui/came_back.h"

#include <inttypes.h>

#include "base/i18n.h"

void came_back_begin(struct came_back *c, const struct process *process, uint64_t first, uint64_t end)
{
	*c = (struct came_back){
		.pid = process->pid, .first = first, .end = end, .seen = process->faults.log.end
	};
}

static bool count(struct came_back *c, const struct process *process)
{
	const struct fault_log *log = &process->faults.log;
	bool any = false;

	for (; c->seen < log->end; c->seen++) {
		const struct fault_entry *e = fault_log_at(log, c->seen);
		uint64_t page = e ? space_page(process->space, e->fault.address) : 0;

		if (!e || page < c->first || page >= c->end || fault_is_fatal(e->fault.cause))
			continue;
		c->faults[e->fault.cause]++;
		c->around += (uint64_t)e->fault.before + e->fault.after;
		any = true;
	}
	return any;
}

bool came_back_update(struct came_back *c, const struct process *process, struct strbuf *out)
{
	if (c->first == c->end || c->pid != process->pid || !count(c, process))
		return false;
	strbuf_puts(out, _("evicted pages touched again:"));
	for (size_t i = 0; i < FAULT_CAUSES; i++)
		if (c->faults[i])
			strbuf_printf(out, " %" PRIu64 " %s", c->faults[i],
				      fault_cause_name((enum fault_cause)i));
	if (c->around)
		strbuf_printf(out, _(", %" PRIu64 " around them"), c->around);
	return true;
}
