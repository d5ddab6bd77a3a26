/* Which look at a process of a session its verdict is about, for all that give one at a session's end. Where that is
 * not the last look, the session is opened once more, at the time of the look. */
#ifndef CMD_JUDGED_SESSION_H
#define CMD_JUDGED_SESSION_H

#include "cmd/operand.h"
#include "verdict/judged.h"

struct judged_session {
	struct operand earlier;
	bool open; /* it is another look than the last */
};

/* `last`: the process at the end, in `world`. Starts from zeroes; the result is good until the next call, and until
 * judged_session_fini. */
struct judged judged_session_look(struct judged_session *, const char *path, const struct world *,
				  const struct process *last);
void judged_session_fini(struct judged_session *);

#endif
