/* From options to a live source and a session writer. */
#include "cmd/start.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "live/family.h"

#define LAUNCH_ROWS 24 /* until the screen says how large the output panel is */
#define LAUNCH_COLUMNS 80

/* A job in the background must not read from the terminal: the shell does. */
static bool in_background(int fd)
{
	return isatty(fd) && tcgetpgrp(fd) != getpgrp();
}

void start_options(const struct options *options, bool screen, struct live_options *live)
{
	live_options_init(live);
	live->reader = options->reader;
	live->interval_ns = options->screen.interval_ns;
	live->own_input = !screen && fcntl(STDIN_FILENO, F_GETFD) >= 0 && !in_background(STDIN_FILENO);
}

/* In a pid namespace whose /proc is that of another one, a program that we launch has another number in
 * /proc, and its own number there may be a stranger's. */
static int check_proc(const struct options *options, struct err *err)
{
	const char *root = options->reader.proc_root ? options->reader.proc_root : "/proc";
	struct strbuf path = { 0 };
	char number[16] = "";
	ssize_t length;

	strbuf_printf(&path, "%s/self", root);
	length = readlink(path.text, number, sizeof number - 1);
	strbuf_fini(&path);
	if (length <= 0 || strtol(number, NULL, 10) == getpid())
		return 0;
	return err_set(err, ERR_UNSUPPORTED,
		       _("%s belongs to another pid namespace: mount one (mount -t proc proc /proc)"), root);
}

struct source *start_watching(const struct options *options, const struct live_options *live, char **program,
			      int32_t *pid, struct world *world, struct err *err)
{
	if (!program)
		return options->follow ? family_attach(pid, live, world, err)
				       : live_attach(pid, live, world, err);
	if (check_proc(options, err) < 0)
		return NULL;
	if (options->follow)
		return family_launch(program, LAUNCH_ROWS, LAUNCH_COLUMNS, live, world, pid, err);
	return live_launch(program, LAUNCH_ROWS, LAUNCH_COLUMNS, live, world, pid, err);
}

struct session_writer *start_recording(const struct options *options, const struct world *world,
				       struct err *err)
{
	struct session_writer_options how = {
		.force = options->force,
		.page_shift = (unsigned)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE)),
		.world = world,
	};

	return session_writer_create(options->output, &how, err);
}
