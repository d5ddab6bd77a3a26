/* export: converts a session or a snapshot to a format of other tools.
 *
 * A session is read twice: once for the names of code, which come later than the faults that need them,
 * and once for the rest. From a pipe it is read once, with the names known at the time. The output file
 * gets its name when it is complete. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/language.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/judged_session.h"
#include "cmd/loop.h"
#include "cmd/option_rows.h"
#include "cmd/options.h"
#include "cmd/output_file.h"
#include "cmd/operand.h"
#include "cmd/screens.h"
#include "cmd/subcommand.h"
#include "export/exporters.h"
#include "export/snapshot_json.h"

#define PROGRESS_AFTER_NS CLOCK_SECOND
#define PROGRESS_EVERY_NS (CLOCK_SECOND / 4)

static volatile sig_atomic_t interrupted; /* the signal */

static void interrupt(int number)
{
	interrupted = number;
}

/* Signals interrupt what waits, such as the opening of a pipe. A second one ends the program at once. Those that
 * were ignored from the beginning (nohup) still are. */
static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = interrupt, .sa_flags = SA_RESETHAND }, old;

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
}

static bool is_interrupted(void)
{
	return interrupted != 0;
}

struct session_judge {
	struct export_judge base;
	struct judged_session session;
	const char *path;
	const struct world *world;
};

static struct judged look_at(struct export_judge *base, const struct process *last)
{
	struct session_judge *judge = (struct session_judge *)base;

	return judged_session_look(&judge->session, judge->path, judge->world, last);
}

/* An export under way; a sink of events. */
struct export
{
	struct sink sink;
	struct fanout fanout; /* the world, and that sink */
	const struct exporter *exporter;
	struct export_job job;
	struct later_names names;
	struct export_picture picture;
	struct screens screens; /* where it is made of them */
	struct session_judge judge;
	struct world *world;
	uint64_t from_ns, to_ns; /* for the exporter; the world gets everything */
	void *context;           /* the exporter's */
	bool stands;             /* the world, too, stops at the time, because it is drawn */
	bool failed;             /* err says why */
	struct err *err;
	uint64_t events, began_ns, shown_ns;
	struct sink counter; /* the first reading */
	uint64_t all;        /* how many events it found; 0: there was no first reading */
};

/* Shows progress on a terminal, if it takes long. writing: this is the second reading. */
static void show_progress(struct export *x, uint64_t time_ns, bool writing)
{
	uint64_t now = clock_now_ns();
	char clock[24], count[16];

	if (now - x->began_ns < PROGRESS_AFTER_NS || now - x->shown_ns < PROGRESS_EVERY_NS ||
	    !isatty(STDERR_FILENO))
		return;
	x->shown_ns = now;
	fputc('\r', stderr);
	if (!writing)
		fputs(_("resolving names:  "), stderr);
	else if (x->all)
		fprintf(stderr, "%3u%%  ", (unsigned)(x->events * 100 / x->all));
	fprintf(stderr, ngettext("%s  %s event\033[K", "%s  %s events\033[K", (unsigned long)x->events),
		text_clock(clock, time_ns), text_count(count, x->events));
	fflush(stderr);
}

static void export_event(struct sink *sink, const struct event *e)
{
	struct export *x = (struct export *)sink;

	if (x->failed)
		return;
	if (e->time_ns >= x->from_ns && e->time_ns <= x->to_ns &&
	    x->exporter->before(x->context, e, x->err) < 0)
		x->failed = true;
	if (++x->events % 1024 == 0)
		show_progress(x, e->time_ns, true);
	if (ferror(x->job.out))
		x->failed = true; /* closing it says why */
	if (interrupted)
		x->failed = true;
}

/* All events to a sink, or those up to a time. */
static enum session_result play(struct session *session, struct sink *sink, const bool *stop,
				uint64_t until_ns, struct err *err)
{
	struct pollfd fd = { .fd = session_fd(session), .events = POLLIN };
	enum session_result result = SESSION_END;
	struct event e;

	while (!*stop &&
	       ((result = session_next(session, &e, err)) == SESSION_EVENT || result == SESSION_WAIT)) {
		if (result == SESSION_EVENT && e.time_ns > until_ns)
			return SESSION_END;
		if (result == SESSION_EVENT)
			sink_send(sink, &e);
		else if (poll(&fd, 1, -1) < 0)
			break;
	}
	return *stop ? SESSION_END : result;
}

static void take_name(struct sink *sink, const struct event *e)
{
	struct export *x = (struct export *)((char *)sink - offsetof(struct export, counter));

	sink_send(&x->names.sink, e);
	if (x->exporter->first)
		x->exporter->first(x->context, e);
	if (++x->events % 1024 == 0)
		show_progress(x, e->time_ns, false);
	x->failed = interrupted != 0;
}

static void read_names(struct export *x, const char *path)
{
	struct session *session = session_open(path, NULL);

	if (!session)
		return;
	x->counter.take = take_name;
	play(session, &x->counter, &x->failed, UINT64_MAX, NULL);
	session_close(session);
	x->all = x->events;
	x->events = 0;
}

static int begin(struct export *x, struct err *err)
{
	if (!x->context)
		x->context = x->exporter->open(&x->job, err);
	return x->context ? 0 : -1;
}

/* Returns 0, 1 if the session is damaged, which is reported, or -1 with err. */
static int export_session(struct export *x, const char *path, struct err *err)
{
	struct session *session = session_open(path, err);
	enum session_result result;

	if (!session)
		return -1;
	x->job.wall_ns = session_info(session)->wall_ns;
	session_watch_world(session, x->world);
	world_use_later_names(x->world, &x->names);
	result = begin(x, err) < 0
		     ? SESSION_BROKEN
		     : play(session, &x->fanout.sink, &x->failed, x->stands ? x->to_ns : UINT64_MAX, err);
	session_close(session);
	if (x->failed || interrupted || !x->context || (result == SESSION_BROKEN && !x->world->count))
		return -1;
	if (result != SESSION_BROKEN) {
		x->job.judge = &x->judge.base; /* read to its end */
		return 0;
	}
	fprintf(stderr, "pagescape: %s\n", err->text);
	return 1;
}

static int export_snapshot(struct export *x, const char *path, struct err *err)
{
	char *shown = text_printable_dup(path, strlen(path)), time[32];
	FILE *file = fopen(path, "r");
	int result = -1;

	if (file && begin(x, err) == 0)
		result = snapshot_read(file, shown, &x->fanout.sink, time, err);
	if (file)
		fclose(file);
	else
		err_system(err, errno, _("cannot read %s"), shown);
	free(shown);
	return x->failed ? -1 : result;
}

/* The first reading of a snapshot, for an exporter that wants one: there are no names in it. */
static int read_snapshot_first(struct export *x, const char *path, struct err *err)
{
	char *shown = text_printable_dup(path, strlen(path)), time[32];
	FILE *file = fopen(path, "r");
	int result = -1;

	x->counter.take = take_name;
	if (!file)
		err_system(err, errno, _("cannot read %s"), shown);
	else if (begin(x, err) == 0)
		result = snapshot_read(file, shown, &x->counter, time, err);
	if (file)
		fclose(file);
	x->events = 0;
	free(shown);
	return result;
}

/* Exports without events: the exporter requests the screens that it wants. */
static int export_screens(struct export *x, const struct options *options, const char *path, bool snapshot,
			  struct err *err)
{
	x->job.screens = &x->screens.base;
	if (screens_open(&x->screens, path, snapshot, &x->picture, options, err) < 0)
		return -1;
	if (x->screens.session)
		x->job.wall_ns = session_info(x->screens.session)->wall_ns;
	return begin(x, err);
}

/* To the exporter's end; status as export_session. */
static int run(struct export *x, const struct options *options, const char *path, bool snapshot, bool pipe,
	       struct err *err)
{
	bool of_screens = exporter_of_screens(x->exporter, &x->picture);
	int result = 0;

	/* what programs read is the same in every language */
	if (!x->exporter->speaks && language_choose("en", err) < 0)
		return -1;
	x->began_ns = clock_now_ns();
	if (x->exporter->first)
		result = snapshot ? read_snapshot_first(x, path, err) : begin(x, err);
	if (!snapshot && !pipe && !of_screens)
		read_names(x, path);
	if (result < 0)
		; /* not even a first reading */
	else if (of_screens)
		result = export_screens(x, options, path, snapshot, err);
	else
		result = snapshot ? export_snapshot(x, path, err) : export_session(x, path, err);
	if (result >= 0 && x->exporter->finish && x->exporter->finish(x->context, err) < 0)
		result = -1;
	if (interrupted)
		result = -1;
	if (x->context)
		x->exporter->close(x->context);
	if (of_screens && result == 0 && screens_broken(&x->screens, err)) {
		fprintf(stderr, "pagescape: %s\n", err->text);
		result = 1;
	}
	if (of_screens)
		screens_fini(&x->screens);
	if (x->shown_ns)
		fputs("\r\033[K", stderr);
	return result;
}

static int export_to(const struct exporter *exporter, const struct options *options, const char *path,
		     bool snapshot, bool pipe, struct err *err)
{
	struct export x = { .sink = { .before = export_event },
			    .exporter = exporter,
			    .err = err,
			    .world = world_create(),
			    .from_ns = options->time.from_ns,
			    .to_ns = options->time.to_ns };
	struct output_file file;
	x.picture = screens_picture(options, exporter);
	if (options_given(options, OPTION_AT) && !exporter_of_screens(exporter, &x.picture))
		x.to_ns = options->time.at_ns;
	x.stands = exporter->is_picture && export_view_traits(x.picture.view)->stands;
	int result = output_file_open(&file, options->output.file, path, options->output.force, err);

	if (result == 0) {
		later_names_init(&x.names);
		fanout_init(&x.fanout, &x.world->sink);
		fanout_add(&x.fanout, &x.sink);
		x.judge = (struct session_judge){ .base = { look_at }, .path = path, .world = x.world };
		x.job = (struct export_job){
			.out = file.out,
			.from = path,
			.world = x.world,
			.names = &x.names,
			.top = options->top,
			.picture = &x.picture,
			.own = options->screen.own,
			.stopped = is_interrupted,
		};
		result = run(&x, options, path, snapshot, pipe, err);
		if (result >= 0 && output_file_finish(&file, err) < 0)
			result = -1;
		else if (result < 0)
			output_file_abandon(&file, err);
		judged_session_fini(&x.judge.session);
		later_names_fini(&x.names);
	}
	world_destroy(x.world);
	return result;
}

/* Fails with the list of formats where `format` (may be NULL) is none. */
static const struct exporter *find_format(const char *format, struct err *err)
{
	const struct exporter *exporter = format ? exporters_find(format) : NULL;
	const struct exporter *const *list = exporters_list();
	struct strbuf names = { 0 };

	if (exporter)
		return exporter;
	for (size_t i = 0; list[i]; i++)
		strbuf_printf(&names, "%s%s", i ? ", " : "", list[i]->name);
	if (format)
		err_set(err, ERR_USAGE, _("no such format: %s (there are %s)"), format, names.text);
	else
		err_set(err, ERR_USAGE, _("export needs a FORMAT (%s) and a SESSION"), names.text);
	strbuf_fini(&names);
	return NULL;
}

/* Options of pictures, and which of them belong together. */
static int check_picture(const struct options *options, const struct exporter *exporter, struct err *err)
{
	static const enum option_id not_of_pictures[] = { OPTION_SPEED, OPTION_IDS },
				    not_of_films[] = { OPTION_VIEW, OPTION_AT, OPTION_IDS },
				    not_of_others[] = { OPTION_VIEW, OPTION_SIZE,  OPTION_THEME,
							OPTION_AT,   OPTION_DO,    OPTION_ASCII,
							OPTION_PID,  OPTION_SPEED, OPTION_IDS },
				    of_screens[] = { OPTION_DO, OPTION_ASCII, OPTION_IDS };
	enum option_id stray = options_first_given(options, exporter->is_picture ? not_of_pictures
							    : exporter->film     ? not_of_films
										 : not_of_others);
	const struct export_view_traits *view = export_view_traits(options->picture.view);
	bool moment;

	if (stray != OPTION_IDS)
		return err_set(err, ERR_USAGE, _("%s does not take --%s"), exporter->name,
			       option_name(stray));
	moment = exporter->is_picture && view->of_moment;
	if (options_given(options, OPTION_AT) && !moment)
		return err_set(err, ERR_USAGE, _("--at is a moment: --view %s takes --from and --to"),
			       view->name);
	if (moment && (options_given(options, OPTION_FROM) || options_given(options, OPTION_TO)))
		return err_set(err, ERR_USAGE, _("--view %s shows one moment: it takes --at"), view->name);
	stray = options_first_given(options, of_screens);
	if (exporter->is_picture && !view->of_cells && stray != OPTION_IDS)
		return err_set(err, ERR_USAGE, _("--%s needs --view screen"), option_name(stray));
	return 0;
}

static int check(const struct options *options, const struct exporter *exporter, struct err *err)
{
	bool span = options_given(options, OPTION_FROM) || options_given(options, OPTION_TO);

	if (!options->input.operands[1])
		return err_set(err, ERR_USAGE,
			       _("export needs a SESSION after the format (see pagescape export --help)"));
	if (span && !exporter->takes_span)
		return err_set(err, ERR_USAGE,
			       _("%s needs the whole session: it does not take --from and --to"),
			       exporter->name);
	if (options->top && !exporter->takes_top)
		return err_set(err, ERR_USAGE, _("%s has no stacks: it does not take --top"), exporter->name);
	if (options->time.from_ns > options->time.to_ns)
		return err_set(err, ERR_USAGE, "%s", _("--from is later than --to"));
	bool to_output = !options->output.file || path_is_standard(options->output.file);
	if (exporter->binary && to_output && isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE,
			       _("export %s cannot be written to a terminal: use -o FILE, or a pipe"),
			       exporter->name);
	return check_picture(options, exporter, err);
}

static int run_export(const struct options *options, struct err *err)
{
	const struct exporter *exporter = find_format(options->input.operands[0], err);
	const char *path = options->input.operands[1];
	struct stat stat_buffer;
	int snapshot, result;
	bool pipe;

	if (!exporter || check(options, exporter, err) < 0)
		return -1;
	if (path_is_standard(path))
		path = "/dev/stdin";
	pipe = stat(path, &stat_buffer) == 0 && S_ISFIFO(stat_buffer.st_mode);
	if (pipe && (exporter->first || exporter->film ||
		     (exporter->is_picture && export_view_traits(options->picture.view)->of_cells)))
		return err_set(err, ERR_UNSUPPORTED, _("%s needs a file: a pipe can be read only once"),
			       exporter->name);
	snapshot = pipe ? 0 : operand_is_snapshot(path, err);
	if (snapshot < 0)
		return -1;
	catch_signals();
	result = export_to(exporter, options, path, snapshot, pipe, err);
	if (interrupted)
		loop_die_of(interrupted);
	return result;
}

static void list_formats(FILE *out)
{
	const struct exporter *const *list = exporters_list();

	for (size_t i = 0; list[i]; i++)
		fprintf(out, "  %-19s  %s\n", list[i]->name, _(list[i]->help));
}

static const char *const usage[] = { N_("export FORMAT SESSION [-o FILE] [OPTION ...]"), NULL };

static const enum option_id taken[] = { OPTION_OUTPUT, OPTION_FORCE, OPTION_FROM,  OPTION_TO,  OPTION_AT,
					OPTION_VIEW,   OPTION_SIZE,  OPTION_THEME, OPTION_DO,  OPTION_ASCII,
					OPTION_SPEED,  OPTION_PID,   OPTION_TOP,   OPTION_OWN, OPTION_IDS };

static const struct option_words words[] = {
	{ OPTION_OUTPUT, N_("export to FILE; - is standard output") },
	{ OPTION_IDS, NULL },
};

const struct subcommand subcommand_export = {
	.name = "export",
	.usage = usage,
	.example = "pagescape export folded python.pgs",
	.options = taken,
	.words = words,
	.operands = 2,
	.help = N_("Converts a recorded session, or a snapshot (--json --pages), to a format that\n"
		   "other tools read. FORMAT is one of"),
	.list = list_formats,
	.run = run_export,
};
