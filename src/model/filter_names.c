/* A cause is a fault's, a call, why pages went, or an exec. */
#include "model/filter_names.h"

#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "event/call.h"
#include "event/event.h"
#include "model/departures.h"

/* What the text was compared with; `all` is a list without duplicates. */
struct names_search {
	const char *text;
	bool exact, found;
	struct strbuf all;
};

/* Is it one of the names of "a, b, c"? */
static bool has_name(const char *all, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = all; (at = strstr(at, name)); at += len)
		if ((at == all || at[-1] == ' ') && (at[len] == ',' || !at[len]))
			return true;
	return false;
}

static void look_at(struct names_search *s, const char *name)
{
	if (!name || !*name)
		return;
	s->found |= s->exact ? !strcasecmp(name, s->text) : strcasestr(name, s->text) != NULL;
	if (has_name(s->all.len ? s->all.text : "", name))
		return;
	strbuf_printf(&s->all, "%s%s", s->all.len ? ", " : "", name);
}

static void look_at_causes(struct names_search *s)
{
	for (int i = 0; i < FAULT_CAUSES; i++)
		look_at(s, fault_cause_name((enum fault_cause)i));
	for (int i = 0; i < LEFT_REASONS; i++)
		look_at(s, left_reason_name((enum left_reason)i));
	for (int i = 0; i < CALL_KINDS; i++)
		look_at(s, call_name((enum call_kind)i));
	look_at(s, "exec");
}

static void look_at_kinds(struct names_search *s)
{
	static const struct event_fault kinds[] = {
		{ .cause = FAULT_ZERO_FILL },
		{ .cause = FAULT_FILE_READ, .major = true },
		{ .cause = FAULT_NO_REGION },
		{ .cause = FAULT_NO_PAGE },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		look_at(s, fault_kind_name(&kinds[i]));
	look_at(s, "call");
	look_at(s, "left");
	look_at(s, "exec");
}

static void look_at_accesses(struct names_search *s)
{
	for (int i = 0; i <= FAULT_EXEC; i++)
		look_at(s, fault_access_name((enum fault_access)i));
}

int filter_names_check(const char *key, const char *text, bool exact, struct err *err)
{
	struct names_search s = { .text = text, .exact = exact };

	if (!strcmp(key, "cause"))
		look_at_causes(&s);
	else if (!strcmp(key, "kind"))
		look_at_kinds(&s);
	else if (!strcmp(key, "access"))
		look_at_accesses(&s);
	else
		return 0;
	if (!s.found)
		err_set(err, ERR_USAGE, _("no such %s as \"%.30s\"; there are %s"), key, text, s.all.text);
	strbuf_fini(&s.all);
	return s.found ? 0 : -1;
}
