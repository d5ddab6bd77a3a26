#include "live/roll_call.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/minmax.h"

#define PERIOD_NS CLOCK_SECOND
#define COST_SHARE 100 /* going through all processes takes at most one part in this many of the time */

void roll_call_init(struct roll_call *r, struct roster *roster, bool keep_refused)
{
	*r = (struct roll_call){ .roster = roster, .keep_refused = keep_refused };
}

bool roll_call_is_on(const struct roll_call *r)
{
	return r->roster;
}

uint64_t roll_call_due_ns(const struct roll_call *r)
{
	return r->roster ? r->due_ns : UINT64_MAX;
}

void roll_call_fini(struct roll_call *r)
{
	task_list_fini(&r->present);
	roster_destroy(r->roster);
	r->roster = NULL;
}

static void leave_out(struct members *m, const struct roll_call_report *report, int32_t pid,
		      const struct err *err)
{
	if (members_has_ended(err))
		return; /* it came and went */
	members_refuse(m, pid, true);
	if (report->left_out)
		report->left_out(report->context, pid, err);
}

static void leave_out_rest(struct roll_call *r, struct members *m, const struct roll_call_report *report,
			   size_t at)
{
	struct err err = { 0 };
	err_set(&err, ERR_UNSUPPORTED, _("%zu more are not watched: at most %d can be watched at a time"),
		r->present.count - at, MEMBERS_MAX);
	for (; at < r->present.count; at++)
		members_refuse(m, r->present.ids[at], false);
	if (report->left_out)
		report->left_out(report->context, 0, &err);
}

static int nobody(const struct roll_call *r, struct err *err)
{
	const char *words = roster_words(r->roster);
	if (r->present.count)
		return err_set(err, ERR_DENIED, _("%s: none of the processes there can be watched"), words);
	if (roster_nameless(r->roster))
		return err_set(err, ERR_NOT_FOUND,
			       _("%s: its processes are of another pid namespace, and have no number here"),
			       words);
	return err_set(err, ERR_NOT_FOUND, _("there is no such process: %s"), words);
}

int roll_call_begin(struct roll_call *r, struct members *m, const struct roll_call_report *report,
		    struct err *err)
{
	if (roster_list(r->roster, &r->present, err) != 0)
		return -1;
	for (size_t i = 0; i < r->present.count; i++) {
		int32_t pid = r->present.ids[i];
		struct err failure = { 0 };
		if (members_find(m, pid))
			continue;
		if (members_full(m)) {
			leave_out_rest(r, m, report, i);
			break;
		}
		if (members_open(m, pid, &failure) != 0)
			leave_out(m, report, pid, &failure);
	}
	r->due_ns = clock_now_ns() + PERIOD_NS;
	return members_count(m) ? 0 : nobody(r, err);
}

void roll_call_take(struct roll_call *r, struct members *m, struct sink *sink)
{
	uint64_t began = clock_now_ns(), took;
	if (!r->roster || began < r->due_ns)
		return;
	if (roster_list(r->roster, &r->present, NULL) != 0)
		r->present.count = 0; /* the cgroup is gone */
	took = clock_now_ns() - began;
	r->due_ns = began + took + max(took * COST_SHARE, PERIOD_NS);
	if (!r->keep_refused)
		members_forget_refused(m, &r->present);
	members_reconsider(m);
	for (size_t i = 0; i < r->present.count; i++) {
		int32_t pid = r->present.ids[i];
		if (!members_know(m, pid))
			members_take_in(m, pid, members_parent(m, pid), NULL, sink);
	}
}
