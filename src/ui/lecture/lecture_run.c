#include "ui/lecture/lecture_run.h"

#include "base/clock.h"
#include "base/minmax.h"
#include "ui/lecture/lecture_keys.h"

#define SOURCE_FDS 32
#define KEYS_AT_ONCE 64

/* Waits for a key, for the program, or for the time that something is due. */
static void wait_for(struct terminal *terminal, const struct lecture *l)
{
	struct pollfd fds[TERMINAL_FDS + SOURCE_FDS];
	size_t count = terminal_poll_fds(terminal, fds);
	uint64_t due = lecture_due_ns(l), now = clock_now_ns();
	int ms = due == UINT64_MAX ? -1
		 : due <= now      ? 0
				   : (int)min((due - now + CLOCK_MS - 1) / CLOCK_MS, 60000);

	/* while the program is stopped its events are not read, so polling for them would end each wait at
	 * once */
	if (l->phase == LECTURE_ON_ITS_WAY)
		count += l->driver->poll_fds(l->driver->context, fds + count, SOURCE_FDS);
	poll(fds, count, ms);
}

static void take_keys(struct terminal *terminal, struct lecture *l)
{
	uint32_t key;

	for (int n = 0; n < KEYS_AT_ONCE && !l->quit && (key = terminal_key(terminal)) != KEY_NONE_YET; n++) {
		struct mouse mouse;

		if (key == KEY_CODE_CLOSED)
			l->quit = true;
		else if (key == KEY_CTRL('z'))
			terminal_suspend(terminal);
		else if (key == KEY_CODE_MOUSE)
			terminal_mouse(terminal, &mouse); /* nothing here can be clicked */
		else if (key != KEY_CODE_RESIZE)
			lecture_key(l, key, clock_now_ns());
	}
}

int lecture_run(const struct lecture_driver *driver, const struct lecture_options *options, struct err *err)
{
	struct terminal *terminal = terminal_open(&options->terminal, err);
	struct canvas canvas;
	struct lecture l;
	int number;

	if (!terminal)
		return -1;
	lecture_init(&l, driver, options->asking);
	canvas_init(&canvas, 24, 80, options->terminal.ascii);
	lecture_begin(&l, options->begin, options->score);
	l.unsaved = options->unsaved;
	if (options->message)
		lecture_say(&l, options->message);
	while (!l.quit) {
		terminal_fit(terminal, &canvas);
		canvas_clear(&canvas);
		lecture_show(&l, area_all(&canvas));
		terminal_show(terminal, &canvas);
		wait_for(terminal, &l);
		take_keys(terminal, &l);
		lecture_tick(&l, clock_now_ns());
	}
	number = terminal_signal(terminal);
	canvas_fini(&canvas);
	lecture_fini(&l);
	terminal_close(terminal);
	return number;
}
