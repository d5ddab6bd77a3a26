/* Ending a program takes two steps: SIGHUP, as from a terminal whose window is closed, and a second later
 * SIGKILL. While we wait for its end, we continue it wherever it is held. */
#include "live/program.h"

#include <signal.h>

#include "base/clock.h"
#include "kern/machine.h"

#define END_GRACE_NS CLOCK_SECOND
#define REAP_NS (2 * CLOCK_SECOND)
#define EXEC_STOP_NS (20 * CLOCK_MS)
#define OUTPUT_STEP (256 * 1024) /* bytes taken from the program's terminal in one step */
#define OUTPUT_CHUNK 16384

static void init(struct live_program *p)
{
	*p = (struct live_program){ 0 };
	pty_init(&p->pty);
}

void live_program_attach(struct live_program *p, int32_t pid, struct tracer *born)
{
	init(p);
	p->pid = pid;
	p->tracer = born;
	p->born = born;
}

int live_program_launch(struct live_program *p, char *const argv[], int rows, int columns, bool own_input,
			bool forks, struct err *err)
{
	pid_t pid = 0;
	init(p);
	if (machine_check_launch(err) != 0 || pty_open(&p->pty, rows, columns, own_input, err) != 0)
		return -1;
	p->tracer = tracer_launch(argv, &p->pty, forks, &pid, err);
	if (!p->tracer)
		return -1;
	p->pid = pid;
	p->launched = true;
	return 0;
}

bool live_program_is_traced(const struct live_program *p)
{
	return (p->launched || p->born) && p->tracer;
}

int32_t live_program_pid(const struct live_program *p)
{
	return p->pid;
}

bool live_program_is_launched(const struct live_program *p)
{
	return p->launched;
}

bool live_program_is_born(const struct live_program *p)
{
	return p->born;
}

bool live_program_has_tracer(const struct live_program *p)
{
	return p->tracer;
}

const struct trace_news *live_program_news(const struct live_program *p)
{
	return &p->news;
}

int live_program_tracer_fd(const struct live_program *p)
{
	return p->tracer ? tracer_fd(p->tracer) : -1;
}

void live_program_update(struct live_program *p)
{
	if (p->tracer)
		p->news = tracer_news(p->tracer);
}

void live_program_await_exec(struct live_program *p, unsigned execs)
{
	uint64_t until = clock_now_ns() + EXEC_STOP_NS;
	live_program_update(p);
	while (p->news.execs == execs && clock_now_ns() < until) {
		struct pollfd fd = { .fd = tracer_fd(p->tracer), .events = POLLIN };
		poll(&fd, 1, 5);
		live_program_update(p);
	}
}

void live_program_go(struct live_program *p)
{
	tracer_go(p->tracer);
	live_program_update(p);
}

int live_program_pause(struct live_program *p, struct err *err)
{
	if (!p->tracer)
		p->tracer = tracer_attach(p->pid, err);
	return p->tracer ? tracer_pause(p->tracer, err) : -1;
}

void live_program_resume(struct live_program *p)
{
	if (p->tracer)
		tracer_resume(p->tracer);
}

int live_program_step(struct live_program *p, const struct control_step *step, uint64_t wait_ns,
		      struct err *err)
{
	return tracer_step(p->tracer, step, wait_ns, err);
}

struct step_calls live_program_take_calls(struct live_program *p)
{
	return tracer_calls(p->tracer);
}

void live_program_take_fatal(const struct live_program *p, struct fatal_faults *faults)
{
	if (p->tracer)
		tracer_fatal_faults(p->tracer, faults);
}

void live_program_stopped_stack(const struct live_program *p, struct stopped_stack *stack)
{
	tracer_stack(p->tracer, p->news.who, stack);
}

void live_program_flush(struct live_program *p)
{
	pty_flush(&p->pty);
}

struct pollfd live_program_terminal(const struct live_program *p)
{
	return pty_poll(&p->pty);
}

void live_program_send_output(struct live_program *p, struct watch *watch, struct sink *sink)
{
	char buffer[OUTPUT_CHUNK];
	size_t n;
	for (size_t sum = 0; sum < OUTPUT_STEP && (n = pty_read(&p->pty, buffer, sizeof buffer)); sum += n) {
		struct event e = { .type = EVENT_OUTPUT, .output = { buffer, n } };
		watch_send(watch, sink, &e);
	}
}

static void end_program(struct live_program *p)
{
	tracer_go(p->tracer);
	tracer_signal(p->tracer, SIGHUP);
	tracer_signal(p->tracer, SIGCONT);
	p->kill_ns = clock_now_ns() + END_GRACE_NS;
}

void live_program_kill_when_due(struct live_program *p, uint64_t now_ns)
{
	if (!p->kill_ns || now_ns < p->kill_ns || !p->launched)
		return;
	tracer_signal(p->tracer, SIGKILL);
	p->kill_ns = UINT64_MAX;
}

uint64_t live_program_kill_ns(const struct live_program *p)
{
	return p->kill_ns ? p->kill_ns : UINT64_MAX;
}

void live_program_give_up(struct live_program *p)
{
	p->kill_ns = clock_now_ns();
}

static int release_program(struct live_program *p, struct err *err)
{
	if (pty_leave(&p->pty, p->pid, err) != 0)
		return -1;
	tracer_destroy(p->tracer);
	p->tracer = NULL;
	p->news = (struct trace_news){ 0 };
	p->launched = false;
	return 0;
}

int live_program_control(struct live_program *p, enum control what, const struct control_arg *arg,
			 struct err *err)
{
	switch (what) {
	case CONTROL_SEND:
		return pty_send(&p->pty, arg->bytes, arg->len, err);
	case CONTROL_END:
		end_program(p);
		return 0;
	case CONTROL_RELEASE:
		return release_program(p, err);
	case CONTROL_RESIZE:
		pty_resize(&p->pty, arg->rows, arg->columns);
		return 0;
	default:
		return 0;
	}
}

/* Waits for the launched program's end, continuing it wherever it is held. */
static bool wait_for_end(struct live_program *p, uint64_t until_ns)
{
	struct tracer *child;
	for (;;) {
		struct trace_news news = tracer_news(p->tracer);
		uint64_t now = clock_now_ns();
		if (news.ended || now >= until_ns)
			return news.ended;
		if (news.hold != TRACEE_FREE)
			tracer_go(p->tracer);
		/* what it forks to clean up must not wait for us */
		for (pid_t pid; (child = tracer_born(p->tracer, &pid));)
			tracer_destroy(child);
		struct pollfd fd = { .fd = tracer_fd(p->tracer), .events = POLLIN };
		poll(&fd, 1, (int)((until_ns - now) / CLOCK_MS) + 1);
	}
}

static void finish_end(struct live_program *p)
{
	if (!p->kill_ns || !p->launched || !p->tracer || wait_for_end(p, p->kill_ns))
		return;
	tracer_signal(p->tracer, SIGKILL);
	wait_for_end(p, clock_now_ns() + REAP_NS);
}

void live_program_fini(struct live_program *p)
{
	finish_end(p);
	tracer_destroy(p->tracer);
	p->tracer = NULL;
	pty_close(&p->pty);
}

struct tracer *live_program_take_birth(struct live_program *p, int32_t *pid)
{
	pid_t born = 0;
	struct tracer *tracer = p->launched && p->tracer ? tracer_born(p->tracer, &born) : NULL;
	*pid = born;
	return tracer;
}

bool live_program_adopt(struct live_program *p, struct tracer *tracer)
{
	if (p->tracer)
		return false;
	p->tracer = tracer;
	p->born = true;
	return true;
}

int live_program_control_orphans(struct live_program *p, enum control what, const struct control_arg *arg,
				 int32_t heir, struct err *err)
{
	if (what == CONTROL_SEND)
		return pty_send(&p->pty, arg->bytes, arg->len, err);
	if (what == CONTROL_RELEASE && heir)
		return pty_leave(&p->pty, heir, err);
	return 0; /* END: closing the terminal is all that can be done to them */
}
