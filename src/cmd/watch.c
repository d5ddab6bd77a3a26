/* Watching: on a terminal the screen, without one a line per change.
 *
 * Without a program and without -p the user chooses from a list, where the demo is too. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/demo.h"
#include "cmd/follow.h"
#include "cmd/subcommand.h"
#include "kern/processes.h"
#include "target/live.h"
#include "ui/ui.h"

#define LAUNCH_ROWS 24 /* until the screen says how large the output panel is */
#define LAUNCH_COLUMNS 80

/* What is watched: a process, or a program to be launched. */
struct subject {
	int32_t pid;
	char **program;
	char *demo[2]; /* what program points to where the demo was chosen */
};

static struct terminal_options terminal_options(const struct options *options)
{
	const char *no_colour = getenv("NO_COLOR");
	bool mono = options->theme ? !strcmp(options->theme->name, "mono") : no_colour && *no_colour;

	return (struct terminal_options){
		.theme = options->theme ? options->theme : theme_list()[0],
		.ascii = options->ascii,
		.no_colour = mono,
		.no_mouse = options->no_mouse,
	};
}

/* The list to choose from; brought up to date, it takes the place of the one before. */
struct choice {
	const char *proc_root;
	struct process_info *list;
	size_t count;
};

static size_t list_processes(void *context, struct process_info **list)
{
	struct choice *choice = context;

	processes_free(choice->list, choice->count);
	choice->count = processes_list(choice->proc_root, &choice->list);
	*list = choice->list;
	return choice->count;
}

/* Returns 1 when the user quit. */
static int choose(const struct options *options, struct subject *subject, struct err *err)
{
	struct terminal_options terminal = terminal_options(options);
	struct choice choice = {.proc_root = options->reader.proc_root};
	int result = ui_choose(&terminal, list_processes, &choice, &subject->pid, err);

	processes_free(choice.list, choice.count);
	if (result != 0 || subject->pid)
		return result;
	subject->demo[0] = demo_path(err);
	subject->program = subject->demo;
	return subject->demo[0] ? 0 : -1;
}

static struct source *open_subject(const struct options *options, struct subject *subject, struct world *world,
				   struct err *err)
{
	struct live_options live;

	live_options_init(&live);
	live.reader = options->reader;
	live.interval_ns = options->interval_ns;
	if (subject->program)
		return live_launch(subject->program, LAUNCH_ROWS, LAUNCH_COLUMNS, &live, world, &subject->pid,
				   err);
	return live_attach(&subject->pid, &live, world, err);
}

static int show(const struct options *options, int32_t pid, struct source *source, struct world *world,
		struct err *err)
{
	struct ui_options screen = {
		.terminal = terminal_options(options),
		.interval_ns = options->interval_ns,
		.commands = options->commands,
	};

	if (source->ops->sweep(source, &world->sink, err) < 0)
		return -1;
	return ui_run(source, world, NULL, pid, &screen, err);
}

/* Returns 0, -1 with err, or the signal that ended it. */
static int watch_subject(const struct options *options, struct subject *subject, struct err *err)
{
	struct world *world = world_create();
	struct source *source = open_subject(options, subject, world, err);
	int result = -1;

	if (source) {
		result = isatty(STDOUT_FILENO) ? show(options, subject->pid, source, world, err)
					       : follow(source, world, subject->program ? subject->pid : 0, err);
		source->ops->destroy(source);
	}
	world_destroy(world);
	return result;
}

static int run_watch(const struct options *options, struct err *err)
{
	struct subject subject = {.pid = options->pid, .program = options->program};
	int result;

	if (!subject.pid && !subject.program) {
		if (!isatty(STDOUT_FILENO))
			return err_set(err, ERR_USAGE,
				       _("a PROGRAM or -p PID is needed where there is no terminal to choose on"));
		result = choose(options, &subject, err);
		if (result != 0)
			return result < 0 ? -1 : 0;
	}
	result = watch_subject(options, &subject, err);
	free(subject.demo[0]);
	if (result > 0)
		follow_die(result);
	return result;
}

static const char *const usage[] = {
	N_("[OPTION ...] [--] PROGRAM [ARG ...]"),
	N_("[OPTION ...] -p PID"),
	N_("[OPTION ...]"),
	NULL,
};

const struct subcommand subcommand_watch = {
	.bit = COMMAND_WATCH,
	.usage = usage,
	.help = N_("Shows every page of a process's memory, live: of a PROGRAM from its first\n"
		   "instruction, of a running process, or of one chosen from a list."),
	.run = run_watch,
};
