/* A session: any bytes give events that the model takes, from the start and from any
 * keyframe, or are refused. */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/world.h"
#include "store/session.h"

static void play(struct session *session)
{
	struct world *world = world_create();
	struct err err = { 0 };
	struct event e;
	enum session_result result;

	while ((result = session_next(session, &e, &err)) == SESSION_EVENT)
		world_apply(world, &e);
	assert(result == SESSION_END || (result == SESSION_BROKEN && *err.text));
	world_destroy(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("session", 0);
	struct session *session;
	struct err err = { 0 };
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		exit(99);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	session = session_open(path, &err);
	close(fd);
	assert(session || *err.text);
	if (!session)
		return 0;
	play(session);
	if (session_seek(session, UINT64_MAX, &err) == 0)
		play(session);
	session_close(session);
	return 0;
}
