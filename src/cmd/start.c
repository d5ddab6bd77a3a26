/* From options to a live source and a session writer. */
#include "cmd/start.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cmd/operand.h"
#include "live/family.h"
#include "trace/codestop.h"

#define LAUNCH_ROWS 24 /* until the screen says how large the output panel is */
#define LAUNCH_COLUMNS 80

/* Is our job in the background? It must not read from the terminal then: the shell does. */
static bool in_background(int fd)
{
	return isatty(fd) && tcgetpgrp(fd) != getpgrp();
}

void start_options(const struct options *options, bool screen, struct live_options *live)
{
	live_options_init(live);
	live->reader = options->reader;
	live->interval_ns = options->screen.interval_ns;
	live->sample = options->input.sample;
	live->own_input = !screen && fcntl(STDIN_FILENO, F_GETFD) >= 0 && !in_background(STDIN_FILENO);
}

int start_check_screen(const struct options *options, struct err *err)
{
	if (!options_given(options, OPTION_DO) || isatty(STDOUT_FILENO))
		return 0;
	return err_set(err, ERR_USAGE, "%s",
		       _("--do is for the screen, and standard output is not a terminal"));
}

/* What a word is that was taken for a program but is none. */
static void name_file(const char *word, struct err *err)
{
	struct stat status;
	char *shown;

	if (strchr(word, '/') || stat(word, &status) < 0 || !S_ISREG(status.st_mode))
		return;
	shown = text_printable_dup(word, strlen(word));
	if (operand_is_session(word))
		err_set(err, ERR_NOT_FOUND, _("%s is a session, not a program: pagescape replay %s shows it"),
			shown, shown);
	else if (status.st_mode & 0111)
		err_set(err, ERR_NOT_FOUND,
			_("%s is in this directory, not in one of PATH: start it as ./%s"), shown, shown);
	else
		err_set(err, ERR_NOT_FOUND, _("%s is a file, but neither a program nor a session"), shown);
	free(shown);
}

static struct source *launch(const struct options *options, const struct live_options *live,
			     struct watched *watched, struct world *world, struct err *err)
{
	char **program = watched->program;
	int32_t *pid = &watched->pid;
	struct source *source =
	    options->input.forks ? family_launch(program, LAUNCH_ROWS, LAUNCH_COLUMNS, live, world, pid, err)
				 : live_launch(program, LAUNCH_ROWS, LAUNCH_COLUMNS, live, world, pid, err);

	if (!source && err->code == ERR_NOT_FOUND)
		name_file(program[0], err);
	return source;
}

static struct source *attach_several(const struct options *options, const struct live_options *live,
				     struct watched *watched, struct world *world, struct err *err)
{
	const struct roster_options meant = { options->input.cgroup, options->input.name,
					      options->reader.proc_root };
	struct family_choice choice = { .pids = options->input.pids.list,
					.count = options->input.pids.count,
					.children = options->input.forks,
					.report = { left_out_add, &watched->left_out } };
	struct source *source;

	if (meant.cgroup || meant.name) {
		choice.roster = roster_create(&meant, err);
		if (!choice.roster)
			return NULL;
	}
	source = family_attach_all(&choice, &watched->pid, live, world, err);
	left_out_print(&watched->left_out);
	return source;
}

struct source *start_watching(const struct options *options, const struct live_options *live,
			      struct watched *watched, struct world *world, struct err *err)
{
	int32_t *pid = &watched->pid;

	if (watched->program)
		return launch(options, live, watched, world, err);
	if (options_several(options))
		return attach_several(options, live, watched, world, err);
	return options->input.forks ? family_attach(pid, live, world, err)
				    : live_attach(pid, live, world, err);
}

void watched_fini(struct watched *watched)
{
	left_out_fini(&watched->left_out);
}

struct session_writer *start_recording(const struct options *options, const struct world *world,
				       struct err *err)
{
	struct session_writer_options how = {
		.force = options->output.force,
		.page_shift = (unsigned)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE)),
		.world = world,
	};

	return session_writer_create(options->output.file, &how, err);
}

bool start_needs_single_steps(const struct options *options)
{
	return options->input.single_steps || codestop_probe() != CODESTOP_REGISTERS;
}
