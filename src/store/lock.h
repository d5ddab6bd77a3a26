/* The lock that shows that a session is being recorded right now. It is released when the recorder ends, in
 * whatever way. On a file system without locks it does not show that a file is still growing. */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include <stdbool.h>

/* Takes it for as long as this process has the file open; false if another process has it. */
bool lock_take(int fd);
/* Does another process hold it? */
bool lock_is_held(int fd);

#endif
