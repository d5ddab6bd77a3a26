#include "cmd/operand.h"

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
#include "store/block.h"

/* Applies events up to the time, from the session's position; for a file that still grows, those that have
 * come. */
static enum session_result play_to(struct session *session, struct world *world, uint64_t at_ns,
				   struct err *err)
{
	struct pollfd fd = { .fd = session_fd(session), .events = POLLIN };
	enum session_result result;
	bool is_file = session_wait_for_more(session);
	struct event e;

	session_watch_world(session, world);
	while ((result = session_next(session, &e, err)) == SESSION_EVENT || result == SESSION_WAIT) {
		if (result == SESSION_WAIT && (is_file || poll(&fd, 1, -1) < 0))
			break;
		if (result == SESSION_EVENT && e.time_ns > at_ns)
			break;
		if (result == SESSION_EVENT)
			world_apply(world, &e);
	}
	return result;
}

/* Reports that the requested time is after the end, and that the end is shown. */
static void say_end(const struct world *world, uint64_t at_ns)
{
	char end[24];

	if (at_ns != UINT64_MAX && world->count && at_ns > world->now_ns)
		fprintf(stderr, _("pagescape: the recording ends at %s: this is its end\n"),
			text_clock_ms(end, world->now_ns));
}

/* If the keyframe is damaged, plays from the beginning. */
struct world *operand_session_world(struct session *session, uint64_t at_ns, struct err *broken,
				    struct err *err)
{
	struct world *world = world_create();
	char clock[24];
	bool jumped = session_seek(session, at_ns, NULL) == 0;
	enum session_result result = play_to(session, world, at_ns, err);

	if (result == SESSION_BROKEN && jumped && !world->ticks && session_seek(session, 0, NULL) == 0) {
		world_destroy(world);
		world = world_create();
		result = play_to(session, world, at_ns, err);
	}
	if (result == SESSION_BROKEN && world->count)
		err_set(broken, ERR_INPUT, _("%s; this is how it was at %s"), err->text,
			text_clock_ms(clock, world->now_ns));
	else if (result == SESSION_END)
		say_end(world, at_ns);
	if (result != SESSION_BROKEN && !world->count)
		err_set(err, ERR_NOT_FOUND, _("nothing was recorded by that time"));
	return world;
}

/* Names of code that were recorded after the moment: those of a program are valid at any time. */
static void read_later_names(struct operand *o, struct session *session, uint64_t at_ns)
{
	struct event e;

	if (session_seek(session, at_ns, NULL) != 0)
		return;
	for (size_t i = 0; i < o->world->count; i++)
		later_names_begin(&o->later, o->world->processes[i]->pid,
				  o->world->processes[i]->course.execs);
	while (session_next(session, &e, NULL) == SESSION_EVENT)
		if (e.time_ns > at_ns)
			sink_send(&o->later.sink, &e);
	world_use_later_names(o->world, &o->later);
}

static int open_session(struct operand *o, const char *path, uint64_t at_ns, struct err *err)
{
	struct session *session = session_open(path, err);

	if (!session)
		return -1;
	o->world = operand_session_world(session, at_ns, &o->broken, err);
	if (o->later_names && o->world->count && at_ns != UINT64_MAX)
		read_later_names(o, session, at_ns);
	clock_iso(o->time, session_info(session)->wall_ns + o->world->now_ns);
	session_close(session);
	return o->world->count ? 0 : -1;
}

static int open_snapshot(struct operand *o, const char *path, struct err *err)
{
	FILE *file = fopen(path, "r");
	int result;

	if (!file)
		return err_system(err, errno, _("cannot read %s"), o->shown);
	o->world = world_create();
	result = snapshot_read(file, o->shown, &o->world->sink, o->time, err);
	fclose(file);
	return result;
}

/* One look at a running process, as the screen would show it. */
static int open_live(struct operand *o, const char *digits, const struct options *options, struct err *err)
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
	o->world = world_create();
	source = live_attach(&number, &live, o->world, err);
	if (!source)
		return -1;
	result = source->ops->sweep(source, &o->world->sink, err);
	if (result == 0)
		o->process = o->world->processes[0];
	clock_wall_iso(o->time);
	source->ops->destroy(source);
	return result;
}

int operand_is_snapshot(const char *path, struct err *err)
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

struct operand_parts operand_take_apart(const char *operand)
{
	struct operand_parts parts = { mem_strdup(operand), UINT64_MAX, 0 };
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

bool operand_is_session(const char *operand)
{
	struct operand_parts parts = operand_take_apart(operand);
	uint8_t head[SESSION_HEAD];
	struct session_head ignored;
	struct stat status;
	FILE *file = NULL;
	bool is = false;

	if (stat(parts.path, &status) == 0 && S_ISREG(status.st_mode))
		file = fopen(parts.path, "re");
	if (file) {
		is = fread(head, sizeof head, 1, file) == 1 &&
		     head_get(head, &ignored) != SESSION_HEAD_FOREIGN;
		fclose(file);
	}
	free(parts.path);
	return is;
}

/* A session may have several processes. */
static int choose_process(struct operand *o, int32_t pid, struct err *err)
{
	struct strbuf pids = { 0 };

	o->process = pid ? world_find(o->world, pid) : o->world->processes[0];
	if (o->process)
		return 0;
	for (size_t i = 0; i < o->world->count && i < 20; i++)
		strbuf_printf(&pids, "%s%d", i ? ", " : "", (int)o->world->processes[i]->pid);
	err_set(err, ERR_NOT_FOUND, _("%s: there is no process %d at that time (there are %s)"), o->shown,
		(int)pid, pids.text);
	strbuf_fini(&pids);
	return -1;
}

static int open_parts(struct operand *o, const struct operand_parts *parts, struct err *err)
{
	int snapshot = operand_is_snapshot(parts->path, err);
	int result = snapshot;

	if (snapshot == 1 && (parts->pid || parts->at_ns != UINT64_MAX))
		return err_set(err, ERR_USAGE, _("a snapshot has one process and one moment: %s"), o->shown);
	if (snapshot == 1)
		result = open_snapshot(o, parts->path, err);
	else if (snapshot == 0)
		result = open_session(o, parts->path, parts->at_ns, err);
	return result < 0 ? -1 : choose_process(o, parts->pid, err);
}

static int open_file(struct operand *o, const char *operand, const struct options *options, struct err *err)
{
	struct operand_parts parts = operand_take_apart(operand);
	int result;

	if (parts.at_ns == UINT64_MAX)
		parts.at_ns = options->time.at_ns;
	o->at_end = parts.at_ns == UINT64_MAX;
	result = open_parts(o, &parts, err);
	free(parts.path);
	return result;
}

static void begin(struct operand *o, const char *operand)
{
	*o = (struct operand){ .shown = text_printable_dup(operand, strlen(operand)),
			       .later_names = o->later_names };
	later_names_init(&o->later);
}

int operand_open_moment(struct operand *o, const char *path, uint64_t at_ns, struct err *err)
{
	begin(o, path);
	if (open_session(o, path, at_ns, err) < 0) {
		operand_fini(o);
		return -1;
	}
	o->process = o->world->processes[0];
	return 0;
}

int operand_open(struct operand *o, const char *operand, const struct options *options, struct err *err)
{
	int result;

	begin(o, operand);
	if (text_begins(operand, "pid:"))
		result = open_live(o, operand + 4, options, err);
	else
		result = open_file(o, operand, options, err);
	if (result < 0) {
		operand_fini(o);
		return -1;
	}
	return 0;
}

int operand_result(const struct err *broken, int result)
{
	if (result < 0 || !broken->code)
		return result;
	fprintf(stderr, "pagescape: %s\n", broken->text);
	return 1;
}

void operand_fini(struct operand *o)
{
	world_destroy(o->world);
	later_names_fini(&o->later);
	free(o->shown);
	*o = (struct operand){ 0 };
}
