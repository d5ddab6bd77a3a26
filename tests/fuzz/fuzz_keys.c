/* What a user types: any bytes from a terminal, any text of --do. The screen handles them as
 * in its loop, on a small process; the cursor stays on a page that exists, and the picture can
 * be drawn: in a small window where the input has an odd number of bytes.
 *
 * The first byte says how the rest comes: 'k' from the terminal, 'd' by --do; 'K', 'D' the same in
 * a recording. Any other byte is 'k'. */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <curses.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/world.h"
#include "render/canvas.h"
#include "ui/commands.h"
#include "ui/input.h"
#include "ui/keyboard.h"
#include "ui/state.h"
#include "ui/view/screen.h"
#include "ui/show_process.h"
#include "ui/update.h"

#define PID 4242
#define END_NS (100 * CLOCK_SECOND)
#define KEYS_MAX 200 /* of one input */
#define SIZE_MOST ((size_t)1 << 15)

/* A source that accepts every request. */
struct fake {
	struct source source; /* first */
	struct time_status at;
	struct marks marks;
};

static struct fake *fake_of(struct source *source)
{
	return (struct fake *)source;
}

static int fake_control(struct source *source, int32_t pid, enum control what, const struct control_arg *arg,
			struct err *err)
{
	return 0;
}

static void fake_status(struct source *source, struct time_status *s)
{
	*s = fake_of(source)->at;
}

static int fake_seek(struct source *source, struct sink *sink, uint64_t time_ns, struct err *err)
{
	fake_of(source)->at.now_ns = time_ns < END_NS ? time_ns : END_NS;
	return 0;
}

static int fake_move(struct source *source, struct sink *sink, const struct time_move *m, struct err *err)
{
	return m->step > 0;
}

static void fake_play(struct source *source, bool on)
{
	fake_of(source)->at.playing = on;
}

static bool fake_faster(struct source *source, int step)
{
	fake_of(source)->at.speed = step > 0 ? 2 : 1;
	return true;
}

static const struct marks *fake_marks(struct source *source)
{
	return &fake_of(source)->marks;
}

static int fake_note(struct source *source, int32_t pid, const char *text, struct err *err)
{
	marks_add(&fake_of(source)->marks, fake_of(source)->at.now_ns, pid, text);
	return 0;
}

static size_t fake_course(struct source *source, int32_t pid, const struct time_point **points)
{
	*points = NULL;
	return 0;
}

static const struct time_ops time_ops = { fake_status, fake_seek,  fake_move, fake_play,
					  fake_faster, fake_marks, fake_note, fake_course };
static const struct source_ops live_ops = { .control = fake_control };
static const struct source_ops replay_ops = { .control = fake_control, .time = &time_ops };

static void map(struct world *world, uint64_t id, uint64_t start, uint64_t pages, enum region_kind kind,
		const char *path)
{
	struct run tile = { (start >> 12) + pages / 2, (start >> 12) + pages, page_word(PAGE_ANON, 0) };
	struct event e = { .type = EVENT_MAP, .pid = PID };

	e.region.id = id;
	e.region.attr = (struct region_attr){
		.start = start,
		.end = start + (pages << 12),
		.perms = REGION_READ,
		.kind = (uint8_t)kind,
		.path = path,
	};
	world_apply(world, &e);
	e = (struct event){ .type = EVENT_PAGES, .pid = PID };
	e.pages.tiles = &tile;
	e.pages.n = 1;
	world_apply(world, &e);
}

static struct world *make_world(void)
{
	static const char *const argv[] = { "./demo", "64", NULL };
	struct world *world = world_create();
	struct event e = { .type = EVENT_PROCESS, .pid = PID };

	e.process = (struct event_process){
		.argv = argv,
		.comm = "demo",
		.exe = "/usr/bin/demo",
		.bits = 64,
		.page_shift = 12,
		.address_bits = 48,
		.launched = true,
	};
	world_apply(world, &e);
	map(world, 1, UINT64_C(0x55d2c0a4f000), 5, REGION_TEXT, "/usr/bin/demo");
	map(world, 2, UINT64_C(0x55d2c1f0a000), 33, REGION_HEAP, "[heap]");
	map(world, 3, UINT64_C(0x7f1200000000), 2048, REGION_ANON, "");
	map(world, 4, UINT64_C(0x7ffd3b0d0000), 33, REGION_STACK, "[stack]");
	return world;
}

/* As the loop does after each key: the next one finds things in their place. */
static void update(struct ui *ui)
{
	const struct space *space;

	ui->quit = ui->suspend = ui->repaint = false;
	ui_update_time(ui);
	ui_update(ui, 36, 120);
	space = ui_layout_space(ui);
	assert(space_find(space, space_address(space, ui->view.grid.cursor)));
}

static void draw(struct ui *ui, int rows, int columns)
{
	struct canvas canvas;
	struct scene scene;

	ui_update(ui, rows, columns);
	canvas_init(&canvas, rows, columns, 0);
	scene = ui_scene(ui);
	screen_draw(&canvas, &scene);
	canvas_fini(&canvas);
}

/* Curses reads the bytes as it would from a terminal. Without its description they are keys
 * themselves. */
static void type(struct ui *ui, const uint8_t *data, size_t size)
{
	int fds[2]; /* curses waits for the end of what begins like a mouse's report, unless it may not */
	bool piped = pipe2(fds, O_CLOEXEC | O_NONBLOCK) == 0;
	FILE *in = piped ? fdopen(fds[0], "r") : NULL, *out = fopen("/dev/null", "w");
	SCREEN *screen = NULL;
	struct keyboard keyboard = { 0 };
	struct mouse mouse;
	uint32_t key;

	assert(in && out);
	size = size < SIZE_MOST ? size : SIZE_MOST;
	if (write(fds[1], data, size) == (ssize_t)size)
		screen = newterm("xterm-256color", out, in);
	if (screen) {
		keypad(stdscr, TRUE);
		nodelay(stdscr, TRUE);
		set_escdelay(0);
		mouseinterval(0);
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	}
	for (size_t n = 0; n < KEYS_MAX && (screen || n < size); n++) {
		key = screen ? keyboard_key(&keyboard) : data[n];
		if (key == KEY_NONE_YET && screen)
			break;
		if (key == KEY_CODE_MOUSE && keyboard_mouse(&keyboard, &mouse))
			input_mouse(ui, &mouse);
		else if (key != KEY_CODE_RESIZE && key != KEY_CODE_MOUSE)
			input_key(ui, key);
		update(ui);
	}
	if (screen) {
		endwin();
		delscreen(screen);
	}
	close(fds[1]);
	fclose(in);
	fclose(out);
}

static void run_commands(struct ui *ui, const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct err err = { 0 };

	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (commands_run_text(ui, text, &err) < 0)
		assert(*err.text);
	free(text);
	update(ui);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool replays = size && (*data == 'K' || *data == 'D'), by_do = size && (*data == 'd' || *data == 'D');
	struct fake fake = { .source = { replays ? &replay_ops : &live_ops },
			     .at = { .end_ns = END_NS, .speed = 1, .speed_of = 1, .end_text = "" } };
	struct world *world = make_world();
	struct ui *ui = malloc(sizeof *ui);

	assert(ui);
	ui_init(ui, world, &fake.source, PID, theme_list()[0]);
	ui->view.press.key = commands_key;
	update(ui);
	if (size && by_do)
		run_commands(ui, data + 1, size - 1);
	else if (size)
		type(ui, data + 1, size - 1);
	if (size % 2)
		draw(ui, 12, 40);
	else
		draw(ui, 24, 80);
	ui_fini(ui);
	free(ui);
	marks_fini(&fake.marks);
	world_destroy(world);
	return 0;
}
