/* Reads as much as the file has when it is opened. */
#include "lesson/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

#define FILE_MAX ((off_t)1 << 20)

char *text_file_read(const char *path, size_t *length, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t n = 0;

	if (fd < 0 || fstat(fd, &st) != 0) {
		err_system(err, errno, _("cannot read %s"), path);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX) {
		close(fd);
		err_set(err, ERR_INPUT, _("%s is not a file, or is larger than 1 MiB"), path);
		return NULL;
	}
	char *text = mem_alloc((size_t)st.st_size + 1);
	*length = 0;
	while (*length < (size_t)st.st_size &&
	       (n = read(fd, text + *length, (size_t)st.st_size - *length)) > 0)
		*length += (size_t)n;
	close(fd);
	text[*length] = '\0';
	if (n >= 0)
		return text;
	err_system(err, errno, _("cannot read %s"), path);
	free(text);
	return NULL;
}
