/* A new file (base/new_file.h) with a stream, or standard output. */
#include "cmd/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/path.h"
#include "base/text.h"

static int fail(const struct output_file *f, int errnum, struct err *err)
{
	if (f->name)
		return new_file_fail(&f->file, errnum, err);
	return err_system(err, errnum, _("cannot write to standard output"));
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat first, second;

	return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino;
}

static int refuse(const char *name, struct err *err)
{
	char *shown = text_printable_dup(name, strlen(name));

	err_set(err, ERR_INPUT, _("%s is the input: write to another file"), shown);
	free(shown);
	return -1;
}

int output_file_open(struct output_file *f, const char *name, const char *input, bool force, struct err *err)
{
	int copy;

	*f = (struct output_file){ 0 };
	if (!name || path_is_standard(name)) {
		f->out = stdout;
		return 0;
	}
	f->name = name;
	if (is_same_file(name, input))
		return refuse(name, err);
	if (new_file_open(&f->file, name, force, err) < 0)
		return -1;
	copy = fcntl(f->file.fd, F_DUPFD_CLOEXEC, 3); /* closed before the file gets its name */
	f->out = copy < 0 ? NULL : fdopen(copy, "w");
	if (f->out)
		return 0;
	fail(f, errno, err);
	close(f->file.fd);
	new_file_fini(&f->file);
	return -1;
}

static void let_go(struct output_file *f)
{
	close(f->file.fd);
	new_file_fini(&f->file);
}

/* Did a write fail? The errno of an earlier failure is no longer known, so another write is tried: the file
 * is abandoned anyway. */
static int check_writes(const struct output_file *f, struct err *err)
{
	if (!ferror(f->out))
		return fflush(f->out) == 0 ? 0 : fail(f, errno, err);
	clearerr(f->out);
	if (fputc('\n', f->out) != EOF && fflush(f->out) == 0)
		return fail(f, EIO, err);
	return fail(f, errno, err);
}

int output_file_finish(struct output_file *f, struct err *err)
{
	int result = check_writes(f, err);

	if (!f->name)
		return result;
	if (fclose(f->out) && result == 0)
		result = fail(f, errno, err);
	if (result == 0)
		result = new_file_keep(&f->file, err);
	let_go(f);
	return result;
}

void output_file_abandon(struct output_file *f, struct err *err)
{
	check_writes(f, err);
	if (!f->name)
		return;
	fclose(f->out);
	let_go(f);
}
