/* Written beside its place, under a name of its own, and renamed at the end. */
#include "cmd/output_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "base/text.h"

static int fail(const struct output_file *f, struct err *err)
{
	int errnum = errno;
	char *shown = f->name ? text_printable_dup(f->name, strlen(f->name)) : NULL;

	err_system(err, errnum, _("cannot write %s"), shown ? shown : _("to standard output"));
	free(shown);
	return -1;
}

static int refuse(const struct output_file *f, const char *why, struct err *err)
{
	char *shown = text_printable_dup(f->name, strlen(f->name));

	err_set(err, ERR_INPUT, why, shown);
	free(shown);
	return -1;
}

static int open_temporary(struct output_file *f, bool by_path, struct err *err)
{
	struct strbuf path = { 0 };
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	strbuf_printf(&path, "%s.XXXXXX", f->name);
	f->path = path.text;
	fd = mkstemp(f->path);
	if (fd < 0) {
		fail(f, err);
		free(f->path);
		return -1;
	}
	f->temporary = true;
	fchmod(fd, 0666 & ~mask);
	f->out = by_path ? NULL : fdopen(fd, "w");
	if (by_path)
		close(fd);
	return 0;
}

int output_file_open(struct output_file *f, const char *name, const char *input, bool force, bool by_path,
		     struct err *err)
{
	struct stat there, in;

	*f = (struct output_file){ 0 };
	if (!name || !strcmp(name, "-")) {
		f->out = stdout;
		return 0;
	}
	f->name = name;
	if (stat(name, &there) < 0)
		return open_temporary(f, by_path, err);
	if (stat(input, &in) == 0 && in.st_dev == there.st_dev && in.st_ino == there.st_ino)
		return refuse(f, _("%s is what is read: write to another file"), err);
	if (S_ISREG(there.st_mode) || by_path)
		return force ? open_temporary(f, by_path, err)
			     : refuse(f, _("%s exists already (--force writes over it)"), err);
	f->path = strdup(name);
	f->out = fopen(name, "w");
	if (f->out)
		return 0;
	fail(f, err);
	free(f->path);
	return -1;
}

int output_file_finish(struct output_file *f, struct err *err)
{
	bool failed = f->out && (ferror(f->out) || fflush(f->out));

	if (failed)
		fail(f, err);
	if (!f->name)
		return failed ? -1 : 0;
	if (f->out && fclose(f->out) && !failed) {
		failed = true;
		fail(f, err);
	}
	if (f->temporary && !failed && rename(f->path, f->name) < 0) {
		failed = true;
		fail(f, err);
	}
	if (f->temporary && failed)
		unlink(f->path);
	free(f->path);
	return failed ? -1 : 0;
}

void output_file_abandon(struct output_file *f, struct err *err)
{
	if (f->out && (ferror(f->out) || fflush(f->out)))
		fail(f, err);
	if (f->out && f->name)
		fclose(f->out);
	if (f->temporary)
		unlink(f->path);
	free(f->path);
}
