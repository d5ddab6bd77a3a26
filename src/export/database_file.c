#include "export/database_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "base/text.h"

#define COPY_BYTES 65536

int database_file_fail(const struct database_file *f, struct err *err)
{
	int errnum = f->db ? sqlite3_system_errno(f->db) : 0;

	if (errnum)
		return err_system(err, errnum, _("cannot write a file in %s"), f->folder);
	return err_set(err, ERR_SYSTEM, _("cannot write a file in %s: %s"), f->folder,
		       f->db ? sqlite3_errmsg(f->db) : "");
}

int database_file_open(struct database_file *f, struct err *err)
{
	const char *folder = getenv("TMPDIR");
	struct strbuf path = { 0 };
	int result = 0;

	folder = folder && *folder ? folder : "/var/tmp";
	*f = (struct database_file){ .folder = text_printable_dup(folder, strlen(folder)) };
	strbuf_printf(&path, "%s/pagescape-XXXXXX", folder);
	f->fd = mkostemp(path.text, O_CLOEXEC);
	if (f->fd < 0)
		result = err_system(err, errno, _("cannot write a file in %s"), f->folder);
	else if (sqlite3_open_v2(path.text, &f->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		result = database_file_fail(f, err);
	if (f->fd >= 0)
		unlink(path.text);
	strbuf_fini(&path);
	return result;
}

int database_file_copy(const struct database_file *f, FILE *out, struct err *err)
{
	char bytes[COPY_BYTES];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(f->fd, bytes, sizeof bytes, at)) > 0) {
		fwrite(bytes, 1, (size_t)n, out);
		at += n;
	}
	return n < 0 ? err_system(err, errno, _("cannot read a file in %s"), f->folder) : 0;
}

void database_file_fini(struct database_file *f)
{
	sqlite3_close(f->db);
	if (f->fd >= 0)
		close(f->fd);
	free(f->folder);
	*f = (struct database_file){ .fd = -1 };
}
