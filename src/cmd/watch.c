/* Watching: with a screen on a terminal, with a line per change elsewhere.
 *
 * Without a program and -p the user chooses from a list, which also has the demo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "cmd/loop.h"
#include "cmd/options.h"
#include "cmd/own_files.h"
#include "cmd/subcommand.h"
#include "cmd/start.h"
#include "event/sink.h"
#include "kern/processes.h"
#include "ui/chooser.h"
#include "ui/ui.h"

#define DEMO "demo"

/* The path of the demo: in the build tree when pagescape runs from there, else where it was installed.
 * The caller frees. NULL with err. */
static char *demo_path(struct err *err)
{
	char directory[4096];
	struct strbuf path = { 0 };

	if (own_files_build_directory(directory, sizeof directory)) {
		strbuf_printf(&path, "%s/../data/demos/%s", directory, DEMO);
		if (access(path.text, X_OK) == 0)
			return path.text;
		strbuf_clear(&path);
	}
	strbuf_printf(&path, "%s/%s", PKGLIBEXECDIR, DEMO);
	if (access(path.text, X_OK) == 0)
		return path.text;
	err_set(err, ERR_NOT_FOUND, _("the demo is not installed: there is no %s"), path.text);
	strbuf_fini(&path);
	return NULL;
}

/* What is watched, from the options or the list. */
struct chosen {
	struct watched watched;
	char *demo[2]; /* what its program points to where the demo was chosen */
};

/* The processes to choose from; an update replaces them. */
struct running {
	const char *proc_root;
	struct process_info *list;
	size_t count;
};

static size_t list_processes(void *context, struct process_info **list)
{
	struct running *running = context;

	processes_free(running->list, running->count);
	running->count = processes_list(running->proc_root, &running->list);
	*list = running->list;
	return running->count;
}

/* Returns 1 when the user quit. */
static int choose(const struct options *options, struct chosen *chosen, struct err *err)
{
	struct running running = { .proc_root = options->reader.proc_root };
	int result = chooser_run(&options->screen.terminal, options->screen.keys, list_processes, &running,
				 &chosen->watched.pid, err);

	processes_free(running.list, running.count);
	if (result != 0 || chosen->watched.pid)
		return result;
	chosen->demo[0] = demo_path(err);
	chosen->watched.program = chosen->demo;
	return chosen->demo[0] ? 0 : -1;
}

static int show(const struct options *options, const struct watched *watched, struct source *source,
		struct world *world, struct sink *recorder, struct err *err)
{
	struct ui_options screen = options->screen;
	struct strbuf notice = { 0 };
	struct fanout fanout;
	int32_t pid = watched->pid;
	int result;

	fanout_init(&fanout, &world->sink);
	fanout_add(&fanout, recorder);
	if (source->ops->sweep(source, &fanout.sink, err) < 0)
		return -1;
	if (!world_find(world, pid) && world->count)
		pid = world->processes[0]->pid; /* the first of several has ended just now */
	left_out_words(&watched->left_out, &notice);
	screen.notice = notice.text;
	result = ui_run(source, world, recorder, pid, &screen, err);
	strbuf_fini(&notice);
	return result;
}

/* `recorder` takes all events, too; may be NULL. */
static int watch_source(const struct options *options, struct watched *watched, struct world *world,
			struct sink *recorder, struct err *err)
{
	bool screen = isatty(STDOUT_FILENO);
	struct live_options live;
	struct source *source;
	int result;

	start_options(options, screen, &live);
	live.faults = screen || options->output.file; /* lines do not show who touched a page */
	live.figures = options->output.file != NULL;
	live.stacks = true;
	live.paused = options->input.paused && screen; /* without a screen it could not be resumed */
	source = start_watching(options, &live, watched, world, err);
	if (!source)
		return -1;
	result = screen ? show(options, watched, source, world, recorder, err)
			: loop_print(source, world, recorder, watched->program ? watched->pid : 0, err);
	source->ops->destroy(source);
	return result;
}

static int watch_and_record(const struct options *options, struct watched *watched, struct world *world,
			    struct err *err)
{
	struct session_writer *writer = start_recording(options, world, err);
	int result;

	if (!writer)
		return -1;
	result = watch_source(options, watched, world, session_writer_sink(writer), err);
	if (session_writer_close(writer, result < 0 ? NULL : err) < 0)
		result = -1;
	return result;
}

/* Returns 0, -1 with err, or the signal that ended it. */
static int watch(const struct options *options, struct watched *watched, struct err *err)
{
	struct world *world = world_create();
	int result = options->output.file ? watch_and_record(options, watched, world, err)
					  : watch_source(options, watched, world, NULL, err);

	world_destroy(world);
	return result;
}

/* The word may have been meant for a command, or for the demo. */
static void say_missing(const char *program, struct err *err)
{
	if (!strcmp(program, DEMO))
		err_set(err, ERR_NOT_FOUND, "%s",
			_("demo: no such program; the demo is in the list that pagescape alone shows"));
	else if (!strchr(program, '/'))
		err_set(err, ERR_NOT_FOUND, _("%s: no such program, nor a command (see pagescape --help)"),
			program);
}

static int run_watch(const struct options *options, struct err *err)
{
	struct chosen chosen = { .watched = { .pid = options->input.pid,
					      .program = options->input.program } };
	struct watched *watched = &chosen.watched;
	struct options own = *options; /* what is chosen may change them */
	int result;

	if (options->output.file && path_is_standard(options->output.file))
		return err_set(err, ERR_USAGE,
			       _("only pagescape record writes a session to standard output"));
	if (start_check_screen(options, err) < 0)
		return -1;
	if (options->input.paused && options_running(options))
		return err_set(err, ERR_USAGE, "%s", _("--paused is for a PROGRAM; with -p, use --do pause"));
	if (!watched->program && !options_running(options)) {
		if (!isatty(STDOUT_FILENO))
			return err_set(
			    err, ERR_USAGE,
			    _("there is no terminal to choose a process on: give a PROGRAM or -p PID"));
		result = choose(options, &chosen, err);
		if (result != 0)
			return result < 0 ? -1 : 0;
		if (chosen.demo[0] && !own.screen.commands)
			own.screen.commands = "follow"; /* the demo is for watching where it works */
	}
	result = watch(&own, watched, err);
	if (result < 0 && err && err->code == ERR_NOT_FOUND && options->input.program)
		say_missing(options->input.program[0], err);
	watched_fini(watched);
	free(chosen.demo[0]);
	if (result > 0)
		loop_die_of(result);
	return result < 0 ? -1 : 0;
}

static const char *const usage[] = {
	N_("[OPTION ...] [--] PROGRAM [ARG ...]"),
	N_("[OPTION ...] -p PID[,PID ...]"),
	N_("[OPTION ...]"),
	NULL,
};

static const enum option_id taken[] = { OPTION_PID,       OPTION_CGROUP,       OPTION_NAME,
					OPTION_OUTPUT,    OPTION_FOLLOW_FORKS, OPTION_FORCE,
					OPTION_THEME,     OPTION_ASCII,        OPTION_INTERVAL,
					OPTION_OWN,       OPTION_DO,           OPTION_PAUSED,
					OPTION_NO_MOUSE,  OPTION_SAMPLE,       OPTION_PROC_ROOT,
					OPTION_NO_SOURCE, OPTION_IDS };

const struct subcommand subcommand_watch = {
	.usage = usage,
	.example = "pagescape --do follow python3",
	.options = taken,
	.program = true,
	.help = N_("Shows every page of a process's memory, live: of a PROGRAM from its first\n"
		   "instruction, of a running process, or of one chosen from a list."),
	.interactive = true,
	.run = run_watch,
};
