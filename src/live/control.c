/* What the user asks to be done to the process. Everything else in this folder only
 * reads. */
#include "live/live_state.h"

#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/i18n.h"

#define END_GRACE_NS CLOCK_SECOND
#define REAP_NS (2 * CLOCK_SECOND)

static void end_program(struct live *live)
{
	live_resume(live);
	tracer_go(live->tracer);
	tracer_signal(live->tracer, SIGHUP);
	tracer_signal(live->tracer, SIGCONT);
	live->kill_ns = clock_now_ns() + END_GRACE_NS;
}

static int release_program(struct live *live, struct err *err)
{
	if (pty_leave(&live->pty, live->pid, err) != 0)
		return -1;
	tracer_destroy(live->tracer);
	live->tracer = NULL;
	live->news = (struct tracer_news){ 0 };
	live->slow.interval_ns = 0;
	live->stops = 0;
	live->launched = false;
	return 0;
}

int live_control(struct source *source, int32_t pid, enum control control, const struct control_arg *arg,
		 struct err *err)
{
	struct live *live = (struct live *)source;
	if (pid != live->pid)
		return err_set(err, ERR_NOT_FOUND, _("process %d is not watched"), pid);
	if (live->dead || live->news.ended)
		return err_set(err, ERR_GONE, _("process %d has ended"), pid);
	if (control == CONTROL_PAUSE)
		return live_pause(live, err);
	if (control == CONTROL_STEP)
		return live_step(live, &arg->step, err);
	if (control == CONTROL_RESUME) {
		live_resume(live);
		return 0;
	}
	if (!live->launched)
		return err_set(err, ERR_UNSUPPORTED, _("process %d was not started from here"), pid);
	switch (control) {
	case CONTROL_SEND:
		return pty_send(&live->pty, arg->bytes, arg->len, err);
	case CONTROL_END:
		end_program(live);
		return 0;
	case CONTROL_RELEASE:
		return release_program(live, err);
	case CONTROL_RESIZE:
		pty_resize(&live->pty, arg->rows, arg->columns);
		return 0;
	default:
		return 0;
	}
}

/* Waits for the launched program's end, letting it go wherever it is held. */
static bool wait_for_end(struct live *live, uint64_t until_ns)
{
	struct tracer *child;
	for (;;) {
		struct tracer_news news = tracer_news(live->tracer);
		uint64_t now = clock_now_ns();
		if (news.ended || now >= until_ns)
			return news.ended;
		if (news.hold != TRACEE_FREE)
			tracer_go(live->tracer);
		/* what it still forks to clean up is not to wait for us */
		for (pid_t pid; (child = tracer_born(live->tracer, &pid));)
			tracer_destroy(child);
		struct pollfd fd = { .fd = tracer_fd(live->tracer), .events = POLLIN };
		poll(&fd, 1, (int)((until_ns - now) / CLOCK_MS) + 1);
	}
}

void live_finish_end(struct live *live)
{
	if (!live->kill_ns || !live->launched || !live->tracer || wait_for_end(live, live->kill_ns))
		return;
	tracer_signal(live->tracer, SIGKILL);
	wait_for_end(live, clock_now_ns() + REAP_NS);
}
