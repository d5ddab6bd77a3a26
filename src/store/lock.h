/* The lock that says: this session is being recorded at this moment. It goes when the recorder ends,
 * in whatever way. Where a file system has no locks, nobody sees that a file still grows. */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include <stdbool.h>

/* Takes it for as long as this process has the file open; false where somebody else has it. */
bool lock_take(int fd);
/* Does another process hold it? */
bool lock_is_held(int fd);

#endif
