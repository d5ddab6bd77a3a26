/* A record lock of the whole file: see fcntl(2). */
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool lock_take(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_SETLK, &lock) == 0 || (errno != EACCES && errno != EAGAIN);
}

bool lock_is_held(int fd)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_WRLCK;
}
