/* The list of processes on the terminal: read anew every two seconds, drawn when it or
 * a key changed it. */
#include "ui/ui.h"

#include <signal.h>

#include "base/clock.h"
#include "ui/chooser.h"

#define REFRESH_NS (2 * CLOCK_SECOND)

static void draw(struct terminal *terminal, struct canvas *canvas, struct chooser *chooser)
{
	terminal_fit(terminal, canvas);
	canvas_clear(canvas);
	chooser_draw(canvas, chooser);
	terminal_show(terminal, canvas);
}

static enum chooser_result take_key(struct terminal *terminal, struct chooser *chooser, uint32_t key)
{
	struct mouse mouse;

	if (key == KEY_CODE_CLOSED)
		return CHOOSER_QUIT;
	if (key == KEY_CODE_MOUSE)
		return terminal_mouse(terminal, &mouse) ? chooser_mouse(chooser, &mouse) : CHOOSER_STAY;
	if (key == KEY_CTRL('Z'))
		terminal_suspend(terminal);
	else if (key == KEY_CTRL('L'))
		terminal_repaint(terminal);
	else if (key != KEY_CODE_RESIZE)
		return chooser_key(chooser, key);
	return CHOOSER_STAY;
}

static enum chooser_result take_keys(struct terminal *terminal, struct chooser *chooser)
{
	enum chooser_result result = CHOOSER_STAY;
	uint32_t key;

	while (result == CHOOSER_STAY && (key = terminal_key(terminal)) != KEY_NONE_YET)
		result = take_key(terminal, chooser, key);
	return result;
}

static void wait_until(struct terminal *terminal, uint64_t due)
{
	struct pollfd fds[TERMINAL_FDS];
	uint64_t now = clock_now_ns();
	size_t n = terminal_poll_fds(terminal, fds);

	/* a signal that ends the wait early is in the pipe: the caller looks there */
	if (poll(fds, n, due > now ? (int)((due - now) / CLOCK_MS) + 1 : 0) < 0)
		return;
}

static enum chooser_result run(struct terminal *terminal, struct chooser *chooser, ui_list_fn list,
			       void *context)
{
	struct canvas canvas;
	enum chooser_result result = CHOOSER_STAY;
	uint64_t read_ns = 0;

	canvas_init(&canvas, 1, 1, 0);
	while (result == CHOOSER_STAY) {
		if (!read_ns || clock_now_ns() - read_ns >= REFRESH_NS) {
			struct process_info *infos = NULL;
			size_t count = list(context, &infos);

			chooser_update(chooser, infos, count);
			read_ns = clock_now_ns();
		}
		draw(terminal, &canvas, chooser);
		wait_until(terminal, read_ns + REFRESH_NS);
		result = take_keys(terminal, chooser);
	}
	canvas_fini(&canvas);
	return result;
}

int ui_choose(const struct terminal_options *options, ui_list_fn list, void *context, int32_t *pid,
	      struct err *err)
{
	struct terminal *terminal = terminal_open(options, err);
	struct chooser chooser;
	enum chooser_result result;
	int number;

	if (!terminal)
		return -1;
	chooser_init(&chooser);
	result = run(terminal, &chooser, list, context);
	*pid = chooser.selected;
	chooser_fini(&chooser);
	number = terminal_signal(terminal);
	terminal_close(terminal);
	if (number) /* nothing is watched yet that had to be let go first */
		raise(number);
	return result == CHOOSER_QUIT;
}
