/* pagescape: shows a process's virtual memory, page by page, live.
 *
 * The options and the settings say which subcommand to run, and how (cmd/subcommand.h); it does the rest. Results go to
 * standard output, a line about what went wrong to standard error. The exit status is 0 when
 * done (or that of the recorded program), 1 on failure, 2 where the command line is wrong. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/i18n.h"
#include "base/language.h"
#include "base/mem.h"
#include "cmd/command_line.h"
#include "cmd/loop.h"
#include "cmd/options.h"
#include "cmd/options_help.h"
#include "cmd/own_files.h"
#include "cmd/settings.h"
#include "cmd/subcommand.h"
#include "ui/rescue.h"

static void note_nothing(int number)
{
}

/* A file that may not grow any further (ulimit -f) makes a write fail, with its message, rather than
 * end us. A handler is reset by exec, so a launched program gets what it would get without us. */
static void survive_limits(void)
{
	struct sigaction action = { .sa_handler = note_nothing }, old;

	if (sigaction(SIGXFSZ, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
		sigaction(SIGXFSZ, &action, NULL);
}

/* Replaces closed standard input, output and error by descriptors on which I/O fails: otherwise a file or a
 * terminal that is opened later would get that descriptor, and what is meant for it. */
static void fill_standard_files(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null",
			     fd == 0 ? O_WRONLY : O_RDONLY); /* gets the lowest free number: this one */
}

static int refuse_language(const char *language, struct err *err)
{
	struct strbuf there = { 0 };

	language_list(&there);
	err_set(err, ERR_USAGE, _("there are no messages in %.60s; there are in: %s"), language, there.text);
	strbuf_fini(&there);
	return -1;
}

static int run(struct options *options, struct err *err)
{
	struct err unread = { 0 };
	bool asked = options->help || options->version;

	/* the language of the help is a setting, too; help comes even if settings are wrong */
	if (!options->settings.ignored && settings_read(options, asked ? &unread : err) < 0 && !asked)
		return -1;
	if (options->help)
		options_print_help(stdout, options->command);
	if (options->version && !options->help)
		puts(PACKAGE_STRING);
	if (asked)
		return 0;
	if (options->language && !language_is_there(options->language) && !options->command->languages)
		return refuse_language(options->language, err);
	/* output for programs is the same in every language */
	if ((options->output.json || options->report.junit) && language_choose("en", err) < 0)
		return -1;
	options->screen.keys = &options->settings.keys;
	return options->command->run(options, err);
}

int main(int argc, char **argv)
{
	struct err err = { 0 };
	struct options options;
	char *messages = own_files_messages();
	int status;

	fill_standard_files();
	language_begin(messages);
	mem_on_exhausted(rescue_now);

	survive_limits();
	status = command_line_parse(&options, argc, argv, &err);
	if (status == 0)
		status = run(&options, &err);
	options_fini(&options);
	if (fflush(stdout) || ferror(stdout)) {
		if (loop_pipe_broken())
			loop_die_of(SIGPIPE);
		if (status >= 0)
			status = err_system(&err, errno, _("cannot write to standard output"));
	}
	if (status < 0)
		fprintf(stderr, "pagescape: %s\n", err.text);
	free(messages);
	if (status >= 0)
		return status;
	return err.code == ERR_USAGE ? 2 : EXIT_FAILURE;
}
