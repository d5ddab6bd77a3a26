/* From a word of the command line to a picture of a process. */
#include "cmd/picture.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/option_values.h"
#include "export/snapshot_json.h"
#include "live/live.h"
#include "store/frame.h"

/* Applies events up to the time, from where the session stands. */
static enum session_result play_to(struct session *session, struct world *world, uint64_t at_ns,
				   struct err *err)
{
	struct pollfd fd = { .fd = session_fd(session), .events = POLLIN };
	enum session_result result;
	struct event e;

	session_watch_world(session, world);
	while ((result = session_next(session, &e, err)) == SESSION_EVENT || result == SESSION_WAIT) {
		if (result == SESSION_WAIT && poll(&fd, 1, -1) < 0)
			break;
		if (result == SESSION_EVENT && e.time_ns > at_ns)
			break;
		if (result == SESSION_EVENT)
			world_apply(world, &e);
	}
	return result;
}

/* What was asked for is after the end: what follows is of the end, which must be said. */
static void say_end(const struct world *world, uint64_t at_ns)
{
	char end[24];

	if (at_ns != UINT64_MAX && world->count && at_ns > world->now_ns)
		fprintf(stderr, _("pagescape: the recording ends at %s: this is its end\n"),
			text_clock_ms(end, world->now_ns));
}

/* Where the keyframe is damaged, plays from the beginning. */
struct world *picture_of_session(struct session *session, uint64_t at_ns, struct err *err)
{
	struct world *world = world_create();
	bool jumped = session_seek(session, at_ns, NULL) == 0;
	enum session_result result = play_to(session, world, at_ns, err);

	if (result == SESSION_BROKEN && jumped && !world->ticks && session_seek(session, 0, NULL) == 0) {
		world_destroy(world);
		world = world_create();
		result = play_to(session, world, at_ns, err);
	}
	if (result == SESSION_BROKEN && world->count)
		fprintf(stderr, "pagescape: %s\n", err->text);
	else if (result == SESSION_END)
		say_end(world, at_ns);
	if (result != SESSION_BROKEN && !world->count)
		err_set(err, ERR_NOT_FOUND, _("nothing was recorded by that time"));
	return world;
}

/* Names of code that were recorded after the moment: those of a program hold at any time. */
static void read_later_names(struct picture *m, struct session *session, uint64_t at_ns)
{
	struct event e;

	if (session_seek(session, at_ns, NULL) != 0)
		return;
	for (size_t i = 0; i < m->world->count; i++)
		later_names_begin(&m->later, m->world->processes[i]->pid,
				  m->world->processes[i]->course.execs);
	while (session_next(session, &e, NULL) == SESSION_EVENT)
		if (e.time_ns > at_ns)
			sink_send(&m->later.sink, &e);
	world_use_later_names(m->world, &m->later);
}

static int open_session(struct picture *m, const char *path, uint64_t at_ns, struct err *err)
{
	struct session *session = session_open(path, err);

	if (!session)
		return -1;
	m->world = picture_of_session(session, at_ns, err);
	if (m->later_names && m->world->count && at_ns != UINT64_MAX)
		read_later_names(m, session, at_ns);
	clock_iso(m->time, session_info(session)->wall_ns + m->world->now_ns);
	session_close(session);
	return m->world->count ? 0 : -1;
}

static int open_snapshot(struct picture *m, const char *path, struct err *err)
{
	FILE *file = fopen(path, "r");
	int result;

	if (!file)
		return err_system(err, errno, _("cannot read %s"), m->shown);
	m->world = world_create();
	result = snapshot_read(file, m->shown, &m->world->sink, m->time, err);
	fclose(file);
	return result;
}

/* One look at a running process, as the screen would show it. */
static int open_live(struct picture *m, const char *digits, const struct options *options, struct err *err)
{
	struct live_options live;
	struct source *source;
	char *end;
	long pid = strtol(digits, &end, 10);
	int32_t number = (int32_t)pid;
	int result;

	if (*digits < '0' || *digits > '9' || *end || pid < 1 || pid > INT32_MAX)
		return err_set(err, ERR_USAGE, _("not a process id: %s"), digits);
	live_options_init(&live);
	live.reader = options->reader;
	m->world = world_create();
	source = live_attach(&number, &live, m->world, err);
	if (!source)
		return -1;
	result = source->ops->sweep(source, &m->world->sink, err);
	m->process = m->world->processes[0];
	clock_wall_iso(m->time);
	source->ops->destroy(source);
	return result;
}

int picture_is_snapshot(const char *path, struct err *err)
{
	struct stat there;
	FILE *file;
	int first;

	/* opening and closing a pipe would end its writer */
	if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
		return S_ISFIFO(there.st_mode);
	file = fopen(path, "r");
	if (!file) {
		char *shown = text_printable_dup(path, strlen(path));

		err_system(err, errno, _("cannot read %s"), shown);
		free(shown);
		return -1;
	}
	do
		first = getc(file);
	while (first == ' ' || first == '\n' || first == '\r' || first == '\t');
	fclose(file);
	return first == '{';
}

struct picture_operand picture_operand(const char *operand)
{
	struct picture_operand parts = { mem_strdup(operand), UINT64_MAX, 0 };
	char *mark, *end;
	long pid;

	if (access(parts.path, F_OK) == 0)
		return parts;
	mark = strrchr(parts.path, '@');
	if (mark && options_seconds(mark + 1, &parts.at_ns) == 0)
		*mark = '\0';
	else
		parts.at_ns = UINT64_MAX;
	mark = access(parts.path, F_OK) ? strrchr(parts.path, '#') : NULL;
	pid = mark && mark[1] >= '0' && mark[1] <= '9' ? strtol(mark + 1, &end, 10) : 0;
	if (pid > 0 && pid <= INT32_MAX && !*end) {
		parts.pid = (int32_t)pid;
		*mark = '\0';
	}
	return parts;
}

bool picture_is_session(const char *operand)
{
	struct picture_operand parts = picture_operand(operand);
	uint8_t head[SESSION_HEAD];
	struct session_head ignored;
	struct stat status;
	FILE *file = NULL;
	bool is = false;

	if (stat(parts.path, &status) == 0 && S_ISREG(status.st_mode))
		file = fopen(parts.path, "re");
	if (file) {
		is = fread(head, sizeof head, 1, file) == 1 && head_get(head, &ignored) != HEAD_FOREIGN;
		fclose(file);
	}
	free(parts.path);
	return is;
}

/* A session may have several processes. */
static int choose_process(struct picture *m, int32_t pid, struct err *err)
{
	struct strbuf pids = { 0 };

	m->process = pid ? world_find(m->world, pid) : m->world->processes[0];
	if (m->process)
		return 0;
	for (size_t i = 0; i < m->world->count && i < 20; i++)
		strbuf_printf(&pids, "%s%d", i ? ", " : "", (int)m->world->processes[i]->pid);
	err_set(err, ERR_NOT_FOUND, _("%s: there is no process %d at that time (there are %s)"), m->shown,
		(int)pid, pids.text);
	strbuf_fini(&pids);
	return -1;
}

static int open_parts(struct picture *m, const struct picture_operand *parts, struct err *err)
{
	int snapshot = picture_is_snapshot(parts->path, err);
	int result = snapshot;

	if (snapshot == 1 && (parts->pid || parts->at_ns != UINT64_MAX))
		return err_set(err, ERR_USAGE, _("a snapshot has one process and one moment: %s"), m->shown);
	if (snapshot == 1)
		result = open_snapshot(m, parts->path, err);
	else if (snapshot == 0)
		result = open_session(m, parts->path, parts->at_ns, err);
	return result < 0 ? -1 : choose_process(m, parts->pid, err);
}

static int open_file(struct picture *m, const char *operand, const struct options *options, struct err *err)
{
	struct picture_operand parts = picture_operand(operand);
	int result;

	if (parts.at_ns == UINT64_MAX)
		parts.at_ns = options->time.at_ns;
	result = open_parts(m, &parts, err);

	free(parts.path);
	return result;
}

int picture_open(struct picture *m, const char *operand, const struct options *options, struct err *err)
{
	int result;

	*m = (struct picture){ .shown = text_printable_dup(operand, strlen(operand)),
			       .later_names = m->later_names };
	later_names_init(&m->later);
	if (!strncmp(operand, "pid:", 4))
		result = open_live(m, operand + 4, options, err);
	else
		result = open_file(m, operand, options, err);
	if (result < 0) {
		picture_fini(m);
		return -1;
	}
	return 0;
}

void picture_fini(struct picture *m)
{
	world_destroy(m->world);
	later_names_fini(&m->later);
	free(m->shown);
	*m = (struct picture){ 0 };
}
