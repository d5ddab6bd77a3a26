/* A recording is replayed as on the screen, but at times that the caller sets. */
#include "cmd/screens.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cmd/still.h"
#include "store/replay.h"

#define DEFAULT_COLUMNS 120
#define DEFAULT_ROWS 36

/* A PDF is light by default, because it is usually for paper. */
struct export_picture screens_picture(const struct options *options, const struct exporter *exporter)
{
	bool light = !options_given(options, OPTION_THEME) && exporter->paper;

	return (struct export_picture){
		.view = options->picture.view,
		.columns = options->picture.columns ? options->picture.columns : DEFAULT_COLUMNS,
		.rows = options->picture.rows ? options->picture.rows : DEFAULT_ROWS,
		.theme = light ? theme_find("light") : options->screen.terminal.theme,
		.at_ns = options->time.at_ns,
		.pid = options->input.pid,
		.speed = options->picture.speed > 0 ? options->picture.speed : 1,
	};
}

struct offscreen_options screens_offscreen(const struct export_picture *picture,
					   const struct options *options)
{
	return (struct offscreen_options){ .theme = picture->theme,
					   .rows = picture->rows,
					   .columns = picture->columns,
					   .ascii = options->screen.terminal.ascii,
					   .commands = options->screen.commands };
}

static const struct canvas *at(struct export_screens *base, uint64_t time_ns, struct err *err)
{
	struct screens *s = (struct screens *)base;
	struct time_status status = { 0 };

	if (s->session && s->source->ops->time->seek(s->source, &s->world->sink, time_ns, err) < 0)
		return NULL;
	if (s->session)
		s->source->ops->time->status(s->source, &status);
	if (status.in_gap)
		s->gap = status.gap;
	return offscreen_draw(s->offscreen, s->world->now_ns);
}

/* Begins at the first whole picture, with the whole course read, and stopped. */
static int begin_replay(struct screens *s, const char *path, struct err *err)
{
	struct time_status status;

	s->source = replay_create(s->session, s->world, path, NULL);
	if (s->source->ops->sweep(s->source, &s->world->sink, err) < 0)
		return -1;
	s->source->ops->time->play(s->source, false);
	while (s->source->ops->due_ns(s->source) <= clock_now_ns())
		if (s->source->ops->step(s->source, &s->world->sink, CLOCK_SECOND, err) < 0)
			return -1;
	s->source->ops->time->status(s->source, &status);
	s->base.begin_ns = status.begin_ns;
	s->base.end_ns = status.end_ns;
	s->base.bytes = session_bytes(s->session);
	s->base.marks = s->source->ops->time->marks(s->source);
	return 0;
}

static int open_source(struct screens *s, const char *path, bool snapshot, const struct options *options,
		       struct err *err)
{
	if (snapshot) {
		if (operand_open(&s->operand, path, options, err) < 0)
			return -1;
		s->world = s->operand.world;
		s->source = still_source();
		return 0;
	}
	s->session = session_open(path, err);
	if (!s->session)
		return -1;
	s->world = world_create();
	return begin_replay(s, path, err);
}

/* At the first moment that is wanted: then the process that was asked for must be there, and the commands find
 * things in their places. */
static int begin_screen(struct screens *s, const struct export_picture *picture,
			const struct offscreen_options *how, struct err *err)
{
	int32_t pid = picture->pid;

	if (s->session && s->source->ops->time->seek(s->source, &s->world->sink, picture->at_ns, err) < 0)
		return -1;
	if (!pid)
		pid = s->session ? s->world->processes[0]->pid : s->operand.process->pid;
	if (!world_find(s->world, pid))
		return err_set(err, ERR_NOT_FOUND, _("there is no process %d at that time"), (int)pid);
	s->offscreen = offscreen_create(s->source, s->world, pid, how, err);
	return s->offscreen ? 0 : -1;
}

int screens_open(struct screens *s, const char *path, bool snapshot, const struct export_picture *picture,
		 const struct options *options, struct err *err)
{
	const struct offscreen_options how = screens_offscreen(picture, options);

	*s = (struct screens){ .base.at = at };
	if (open_source(s, path, snapshot, options, err) < 0)
		return -1;
	return begin_screen(s, picture, &how, err);
}

bool screens_broken(const struct screens *s, struct err *err)
{
	struct time_status status = { 0 };
	char begin[24], end[24];

	if (s->session)
		s->source->ops->time->status(s->source, &status);
	if (s->gap.end_ns) {
		err_set(err, ERR_INPUT, _("damaged from %s to %s: this span cannot be shown"),
			text_clock_ms(begin, s->gap.begin_ns), text_clock_ms(end, s->gap.end_ns));
		return true;
	}
	if (status.end != TIME_END_BROKEN)
		return false;
	err_set(err, ERR_INPUT, "%s", status.end_text);
	return true;
}

void screens_fini(struct screens *s)
{
	offscreen_destroy(s->offscreen);
	if (s->session) {
		if (s->source)
			s->source->ops->destroy(s->source);
		world_destroy(s->world);
		session_close(s->session);
	} else if (s->source) {
		operand_fini(&s->operand);
	}
}
