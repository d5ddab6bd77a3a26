/* Each parser checks its whole text: errors must be found before the program runs. */
#include "cmd/option_values.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"
#include "export/exporters.h"
#include "cmd/options.h"
#include "live/stack_rate.h"
#include "render/theme.h"
#include "ui/commands.h"
#include "ui/view/screen_parts.h"

#define INTERVAL_MIN_MS 10
#define INTERVAL_MAX_MS 60000
#define SIZE_MAX_CELLS 1000

int option_flag(void *member, const char *name, const char *text, struct err *err)
{
	*(bool *)member = true;
	return 0;
}

int option_text(void *member, const char *name, const char *text, struct err *err)
{
	*(const char **)member = text;
	return 0;
}

/* Wrong names must be found before the program runs. */
int option_commands(void *member, const char *name, const char *text, struct err *err)
{
	*(const char **)member = text;
	return commands_check(text, err);
}

static int parse_number(const char *text, long min, long max, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	return *text < '0' || *text > '9' || *end || errno || *out < min || *out > max ? -1 : 0;
}

static int add_pid(struct options_pids *pids, const char *text, struct err *err)
{
	long number;

	if (!*text)
		return err_set(err, ERR_USAGE, "%s", _("a process id is missing: expected PID or PID,PID"));
	if (parse_number(text, 1, INT32_MAX, &number) < 0)
		return err_set(err, ERR_USAGE, _("not a process id: %s"), text);
	for (size_t i = 0; i < pids->count; i++)
		if (pids->list[i] == number)
			return 0;
	if (pids->count == OPTIONS_PIDS)
		return err_set(err, ERR_USAGE, _("at most %d processes can be watched at a time"),
			       OPTIONS_PIDS);
	pids->list[pids->count++] = (int32_t)number;
	return 0;
}

/* "4242", "4242,4250", or "4242, 4250". */
int option_pids(void *member, const char *name, const char *text, struct err *err)
{
	const char *begin = text + strspn(text, " "), *end = begin + strcspn(begin, ",");
	size_t len = (size_t)(end - begin);

	while (len && begin[len - 1] == ' ')
		len--;
	char *one = mem_strndup(begin, len);
	int result = add_pid(member, one, err);

	free(one);
	return result == 0 && *end ? option_pids(member, name, end + 1, err) : result;
}

int option_interval(void *member, const char *name, const char *text, struct err *err)
{
	long ms;

	if (parse_number(text, INTERVAL_MIN_MS, INTERVAL_MAX_MS, &ms) < 0)
		return err_set(err, ERR_USAGE, _("--%s takes %d to %d milliseconds, not: %s"), name,
			       INTERVAL_MIN_MS, INTERVAL_MAX_MS, text);
	*(uint64_t *)member = (uint64_t)ms * CLOCK_MS;
	return 0;
}

int option_sample(void *member, const char *name, const char *text, struct err *err)
{
	long every;

	if (parse_number(text, 1, STACK_RATE_ASKED_MAX, &every) < 0)
		return err_set(err, ERR_USAGE, _("--%s takes a number from 1 to %d, not: %s"), name,
			       STACK_RATE_ASKED_MAX, text);
	*(uint32_t *)member = (uint32_t)every;
	return 0;
}

int options_seconds(const char *text, uint64_t *out)
{
	uint64_t ns = 0, unit = CLOCK_SECOND;
	const char *at = text;

	for (; *at >= '0' && *at <= '9' && ns < UINT64_C(1000000000) * CLOCK_SECOND; at++)
		ns = ns * 10 + (uint64_t)(*at - '0') * CLOCK_SECOND;
	if (at > text && *at == '.')
		while (*++at >= '0' && *at <= '9')
			ns += (uint64_t)(*at - '0') * (unit /= 10);
	*out = ns;
	return *at || at == text ? -1 : 0;
}

int option_seconds(void *member, const char *name, const char *text, struct err *err)
{
	if (options_seconds(text, member) < 0)
		return err_set(err, ERR_USAGE, _("--%s takes seconds, not: %s"), name, text);
	return 0;
}

/* Directories and files with colons between them, as a session has them: absolute. The text stays until the
 * program ends. */
int option_paths(void *member, const char *name, const char *text, struct err *err)
{
	struct strbuf paths = { 0 };
	size_t len;

	for (; *text; text += len + (text[len] == ':')) {
		char *one, *whole;

		len = strcspn(text, ":");
		one = mem_strndup(text, len);
		whole = len ? realpath(one, NULL) : NULL;
		if (len && !whole && *one != '/')
			err_set(err, ERR_USAGE, _("--%s: there is no %s"), name, one);
		else if (len)
			strbuf_printf(&paths, "%s%s", paths.len ? ":" : "", whole ? whole : one);
		free(one);
		free(whole);
		if (err->code)
			break;
	}
	if (!err->code && !paths.len)
		err_set(err, ERR_USAGE, _("--%s takes directories or files, separated by colons"), name);
	free((char *)*(const char **)member);
	*(const char **)member = paths.text;
	return err->code ? -1 : 0;
}

int option_top(void *member, const char *name, const char *text, struct err *err)
{
	enum export_top *top = member;

	if (strcmp(text, "process") != 0 && strcmp(text, "region") != 0)
		return err_set(err, ERR_USAGE, _("--%s takes process or region, not: %s"), name, text);
	*top = *text == 'p' ? EXPORT_TOP_PROCESS : EXPORT_TOP_REGION;
	return 0;
}

int option_theme(void *member, const char *name, const char *text, struct err *err)
{
	const struct theme **theme = member;
	struct strbuf names = { 0 };

	*theme = theme_find(text);
	if (*theme)
		return 0;
	for (const struct theme *const *each = theme_list(); *each; each++)
		strbuf_printf(&names, "%s%s", each == theme_list() ? "" : ", ", (*each)->name);
	err_set(err, ERR_USAGE, _("no such theme: %s (there are %s)"), text, names.text);
	strbuf_fini(&names);
	return -1;
}

int option_view(void *member, const char *name, const char *text, struct err *err)
{
	struct strbuf names = { 0 };
	int view = export_view_parse(text);

	*(enum export_view *)member = (enum export_view)max(view, 0);
	if (view >= 0)
		return 0;
	for (int i = 0; i < EXPORT_VIEWS; i++)
		strbuf_printf(&names, "%s%s", i ? ", " : "", export_view_traits((enum export_view)i)->name);
	err_set(err, ERR_USAGE, _("no such view: %s (there are %s)"), text, names.text);
	strbuf_fini(&names);
	return -1;
}

/* "120x36"; the member is the columns, the rows come next. */
int option_size(void *member, const char *name, const char *text, struct err *err)
{
	const char *by = strchr(text, 'x');
	char *columns_text = mem_strndup(text, by ? (size_t)(by - text) : 0);
	int *size = member;
	long columns, rows;
	int result = by && parse_number(columns_text, SCREEN_MIN_COLUMNS, SIZE_MAX_CELLS, &columns) == 0 &&
			     parse_number(by + 1, SCREEN_MIN_ROWS, SIZE_MAX_CELLS, &rows) == 0
			 ? 0
			 : -1;

	free(columns_text);
	if (result < 0)
		return err_set(err, ERR_USAGE, _("--%s takes COLUMNSxROWS from %dx%d to %dx%d, not: %s"),
			       name, SCREEN_MIN_COLUMNS, SCREEN_MIN_ROWS, SIZE_MAX_CELLS, SIZE_MAX_CELLS,
			       text);
	size[0] = (int)columns;
	size[1] = (int)rows;
	return 0;
}

/* A factor such as "10" or "0.25". */
int option_speed(void *member, const char *name, const char *text, struct err *err)
{
	uint64_t billionths;

	if (options_seconds(text, &billionths) < 0 || billionths < CLOCK_SECOND / 1000 ||
	    billionths > 100000 * CLOCK_SECOND)
		return err_set(err, ERR_USAGE, _("--%s takes a factor from 0.001 to 100000, not: %s"), name,
			       text);
	*(double *)member = (double)billionths / (double)CLOCK_SECOND;
	return 0;
}
