/* Parsing splits at blanks and colons. Matching checks cheap things first. For the functions at an address or
 * in a stack texts must be compared: that is done once for each and cached, because faults come from few
 * places. */
#include "model/event_filter.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/path.h"
#include "model/filter_names.h"

#define MEMO_MAX ((size_t)1 << 17)

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNNAMED };

static const char *const key_names[EVENT_FILTER_KEYS] = {
	"", "thread", "cause", "region", "func", "in", "kind", "access", "page",
};

/* --- cached answers --- */

static void memo_fini(struct filter_memo *m)
{
	free(m->entries);
	hash_fini(&m->hash);
	*m = (struct filter_memo){ 0 };
}

static bool memo_get(const struct filter_memo *m, uint64_t key, enum answer *answer)
{
	struct hash_iter iter = hash_iter(&m->hash, hash_number(key));
	uint32_t number;

	while ((number = hash_next(&iter)) && m->entries[number - 1].key != key)
		;
	if (number)
		*answer = (enum answer)m->entries[number - 1].answer;
	return number != 0;
}

/* Adds what memo_get did not find. */
static void memo_put(struct filter_memo *m, uint64_t key, enum answer answer)
{
	if (m->hash.count >= MEMO_MAX)
		memo_fini(m);
	mem_grow(m->entries, m->cap, m->hash.count + 1);
	m->entries[m->hash.count] = (struct filter_answer){ key, (uint8_t)answer };
	hash_add(&m->hash, hash_number(key), (uint32_t)m->hash.count + 1);
}

/* --- reading --- */

static enum event_filter_key key_of(const char *text, size_t len)
{
	for (int i = 1; i < EVENT_FILTER_KEYS; i++)
		if (strlen(key_names[i]) == len && !strncasecmp(key_names[i], text, len))
			return (enum event_filter_key)i;
	return EVENT_FILTER_ANY;
}

/* The value up to the next blank outside quotes; NULL: quotes have no end. */
static const char *read_value(const char *text, struct strbuf *value)
{
	bool quoted = false;

	strbuf_add(value, "", 0);
	for (; *text && (quoted || !isspace((unsigned char)*text)); text++) {
		if (*text == '"')
			quoted = !quoted;
		else if (*text == '\\' && quoted && text[1])
			strbuf_add(value, ++text, 1);
		else
			strbuf_add(value, text, 1);
	}
	return quoted ? NULL : text;
}

void event_filter_quote(struct strbuf *out, const char *text, bool exact)
{
	strbuf_puts(out, exact ? "=\"" : "\"");
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			strbuf_puts(out, "\\");
		strbuf_add(out, text, 1);
	}
	strbuf_puts(out, "\"");
}

static int read_number(struct filter_word *word, struct err *err)
{
	char *end;

	errno = 0;
	word->number = strtoull(word->text, &end, word->key == EVENT_FILTER_PAGE ? 16 : 10);
	if (errno || *end || !isxdigit((unsigned char)*word->text))
		return err_set(err, ERR_USAGE,
			       word->key == EVENT_FILTER_PAGE ? _("page: needs an address, not \"%.60s\"")
							      : _("thread: needs a number, not \"%.60s\""),
			       word->text);
	return 0;
}

/* Where a key ends: its colon, which must come before anything that is not a letter. "std::move" has none. */
static size_t key_length(const char *text)
{
	size_t len = 0;

	while (isalpha((unsigned char)text[len]))
		len++;
	return text[len] == ':' && text[len + 1] != ':' ? len : 0;
}

static int read_word(struct event_filter *f, const char **text, struct err *err)
{
	struct filter_word *word = &f->words[f->count];
	struct strbuf value = { 0 };
	size_t len = key_length(*text);

	if (f->count == EVENT_FILTER_WORDS_MAX)
		return err_set(err, ERR_USAGE, _("a filter has at most %d words"), EVENT_FILTER_WORDS_MAX);
	*word = (struct filter_word){ .key = len ? key_of(*text, len) : EVENT_FILTER_ANY };
	if (len && word->key == EVENT_FILTER_ANY)
		return err_set(err, ERR_USAGE,
			       _("no such filter as \"%.*s:\"; there are thread, cause, region, func, in, "
				 "kind, access, page"),
			       (int)min(len, 30), *text);
	*text += len ? len + 1 : 0;
	word->exact = **text == '=';
	*text += word->exact;
	*text = read_value(*text, &value);
	word->text = value.text;
	f->count++;
	if (!*text)
		return err_set(err, ERR_USAGE, "%s", _("a quote is not closed"));
	f->by_name |= word->key == EVENT_FILTER_FUNCTION || word->key == EVENT_FILTER_STACK ||
		      word->key == EVENT_FILTER_ANY;
	return word->key == EVENT_FILTER_THREAD || word->key == EVENT_FILTER_PAGE
		   ? read_number(word, err)
		   : filter_names_check(key_names[word->key], word->text, word->exact, err);
}

int event_filter_parse(struct event_filter *f, const char *text, struct err *err)
{
	*f = (struct event_filter){ 0 };
	if (!text)
		return 0;
	for (text += strspn(text, " \t"); *text; text += strspn(text, " \t"))
		if (read_word(f, &text, err) < 0) {
			event_filter_fini(f);
			return -1;
		}
	return 0;
}

void event_filter_fini(struct event_filter *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->words[i].text);
	memo_fini(&f->ips);
	memo_fini(&f->stacks);
	*f = (struct event_filter){ 0 };
}

void event_filter_renamed(struct event_filter *f)
{
	memo_fini(&f->ips);
	memo_fini(&f->stacks);
}

bool event_filter_asks_stacks(const struct event_filter *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->words[i].key == EVENT_FILTER_STACK)
			return true;
	return false;
}

/* --- matching --- */

static bool text_fits(const struct filter_word *word, const char *text)
{
	return word->exact ? !strcasecmp(text, word->text) : strcasestr(text, word->text) != NULL;
}

/* A word without a key may be the whole name of a kind or an access: as a part, "re" would mean each read. */
static bool word_is(const struct filter_word *word, const char *name)
{
	return word->key == EVENT_FILTER_ANY && !strcasecmp(name, word->text);
}

/* Code without a name counts by its region. */
static enum answer region_fits_code(const struct filter_word *word, const struct process *p, uint64_t ip)
{
	const struct region *region = ip >> 63 ? NULL : space_find(p->space, ip);
	const char *name = ip >> 63 ? "[kernel]" : region ? region_name(&region->attr) : "";

	if (region && !*name)
		name = region_kind_name((enum region_kind)region->attr.kind);
	return *name && text_fits(word, name) ? ANSWER_YES : ANSWER_UNNAMED;
}

/* One of the functions at an address, including those inlined there; or the file that it is in. */
static enum answer code_fits(const struct filter_word *word, const struct process *p, uint64_t ip)
{
	const struct event_symbol *symbol = names_find(p->names, ip);

	if (!symbol)
		return region_fits_code(word, p, ip);
	for (size_t i = 0; i < symbol->count; i++)
		if (text_fits(word, symbol->frames[i].function))
			return ANSWER_YES;
	return !symbol->count && text_fits(word, path_name(symbol->object)) ? ANSWER_YES : ANSWER_NO;
}

static enum answer stack_fits(const struct filter_word *word, const struct process *p,
			      const struct event_stack *stack)
{
	enum answer answer = ANSWER_NO;

	for (size_t i = 0; i < stack->count; i++) {
		enum answer one = code_fits(word, p, stack->ips[i]);

		if (one == ANSWER_YES)
			return one;
		if (one == ANSWER_UNNAMED)
			answer = one;
	}
	return answer;
}

/* What the words of a filter are compared with, for any event. */
struct asked_event {
	struct event_filter *filter;
	const struct process *process;
	bool of_image; /* names are valid for its code */
	uint64_t ip;
	bool has_ip;
	uint32_t stack;
	const struct event_stack *whole; /* the stack itself, and nothing is cached; or NULL */
	const char *cause;
	const struct fault_region *region;
	bool *unnamed;
};

static enum answer ask_code(const struct asked_event *a, size_t i)
{
	uint64_t key = a->ip * EVENT_FILTER_WORDS_MAX + i;
	enum answer answer;

	if (a->whole)
		return code_fits(&a->filter->words[i], a->process, a->ip);
	if (memo_get(&a->filter->ips, key, &answer))
		return answer;
	answer = code_fits(&a->filter->words[i], a->process, a->ip);
	memo_put(&a->filter->ips, key, answer);
	return answer;
}

static enum answer ask_stack(const struct asked_event *a, size_t i)
{
	struct event_stack stack = a->whole ? *a->whole : stacks_get(&a->process->stacks, a->stack);
	uint64_t key = (uint64_t)a->stack * EVENT_FILTER_WORDS_MAX + i;
	enum answer answer;

	if (!stack.count)
		return a->has_ip ? ask_code(a, i) : ANSWER_NO;
	if (a->whole)
		return stack_fits(&a->filter->words[i], a->process, &stack);
	if (memo_get(&a->filter->stacks, key, &answer))
		return answer;
	answer = stack_fits(&a->filter->words[i], a->process, &stack);
	memo_put(&a->filter->stacks, key, answer);
	return answer;
}

static bool name_fits(const struct asked_event *a, size_t i, bool whole_stack)
{
	enum answer answer = ANSWER_NO;

	if (a->of_image && (whole_stack || a->has_ip))
		answer = whole_stack ? ask_stack(a, i) : ask_code(a, i);
	*a->unnamed |= answer == ANSWER_UNNAMED;
	return answer == ANSWER_YES;
}

static bool region_fits(const struct filter_word *word, const struct fault_region *region)
{
	return region && (text_fits(word, fault_region_name(region)) ||
			  text_fits(word, region_kind_name((enum region_kind)region->kind)));
}

/* Does a word match that applies to both faults and calls? */
static bool word_fits(const struct asked_event *a, size_t i)
{
	const struct filter_word *word = &a->filter->words[i];

	switch (word->key) {
	case EVENT_FILTER_CAUSE:
		return text_fits(word, a->cause);
	case EVENT_FILTER_REGION:
		return region_fits(word, a->region);
	case EVENT_FILTER_FUNCTION:
		return name_fits(a, i, false);
	case EVENT_FILTER_STACK:
		return name_fits(a, i, true);
	default:
		return text_fits(word, a->cause) || region_fits(word, a->region) || name_fits(a, i, false);
	}
}

static bool covers(const struct event_fault *fault, unsigned page_shift, uint64_t address)
{
	uint64_t page = fault->address >> page_shift, at = address >> page_shift;

	return at <= page ? page - at <= fault->before : at - page <= fault->after;
}

static bool fault_word_fits(const struct asked_event *a, size_t i, const struct event_fault *fault)
{
	const struct filter_word *word = &a->filter->words[i];

	switch (word->key) {
	case EVENT_FILTER_THREAD:
		return (uint64_t)fault->tid == word->number;
	case EVENT_FILTER_KIND:
		return text_fits(word, fault_kind_name(fault));
	case EVENT_FILTER_ACCESS:
		return text_fits(word, fault_access_name(fault->access));
	case EVENT_FILTER_PAGE:
		return covers(fault, a->process->space->page_shift, word->number);
	default:
		return word_is(word, fault_kind_name(fault)) ||
		       word_is(word, fault_access_name(fault->access)) || word_fits(a, i);
	}
}

static bool call_word_fits(const struct asked_event *a, size_t i, const struct event_call *call)
{
	const struct filter_word *word = &a->filter->words[i];

	switch (word->key) {
	case EVENT_FILTER_THREAD:
		return (uint64_t)call->tid == word->number;
	case EVENT_FILTER_KIND:
		return text_fits(word, "call");
	case EVENT_FILTER_ACCESS:
	case EVENT_FILTER_PAGE:
		return false;
	default:
		return word_is(word, "call") || word_fits(a, i);
	}
}

/* Does every key have a word that matches? */
static bool all_fit(const struct asked_event *a, const struct event_fault *fault,
		    const struct event_call *call)
{
	unsigned wanted = 0, fitting = 0;

	for (size_t i = 0; i < a->filter->count; i++) {
		unsigned bit = 1u << a->filter->words[i].key;

		wanted |= bit;
		if (fitting & bit)
			continue;
		if (fault ? fault_word_fits(a, i, fault) : call_word_fits(a, i, call))
			fitting |= bit;
	}
	return wanted == fitting;
}

static bool left_cause_fits(const struct filter_word *word, const struct event_left *left)
{
	return text_fits(word, left_reason_name(left->reason)) ||
	       (left->reason == LEFT_CALL && text_fits(word, call_name(left->call)));
}

static bool left_region_fits(const struct filter_word *word, const struct process *p,
			     const struct event_left *left)
{
	const struct region *region = space_find(p->space, space_address(p->space, left->first));

	return text_fits(word, region_kind_name((enum region_kind)left->kind)) ||
	       (region && region->attr.kind == left->kind && text_fits(word, region_name(&region->attr)));
}

static bool left_word_fits(const struct filter_word *word, const struct process *p,
			   const struct event_left *left)
{
	uint64_t page = word->number >> p->space->page_shift;

	switch (word->key) {
	case EVENT_FILTER_THREAD:
		return left->tid && (uint64_t)left->tid == word->number;
	case EVENT_FILTER_KIND:
		return text_fits(word, "left");
	case EVENT_FILTER_PAGE:
		return left->first <= page && page < left->end;
	case EVENT_FILTER_CAUSE:
		return left_cause_fits(word, left);
	case EVENT_FILTER_REGION:
		return left_region_fits(word, p, left);
	case EVENT_FILTER_ANY:
		return word_is(word, "left") || left_cause_fits(word, left) ||
		       left_region_fits(word, p, left);
	default:
		return false;
	}
}

bool event_filter_left(struct event_filter *f, const struct process *p, uint64_t number)
{
	const struct departure *entry = departures_at(&p->departures, number);
	unsigned wanted = 0, fitting = 0;

	for (size_t i = 0; entry && i < f->count; i++) {
		wanted |= 1u << f->words[i].key;
		if (left_word_fits(&f->words[i], p, &entry->left))
			fitting |= 1u << f->words[i].key;
	}
	return entry && wanted == fitting;
}

/* Does a word match an exec? After it the process has one thread, whose tid is the pid. */
static bool exec_word_fits(const struct filter_word *word, const struct process *p, const char *command)
{
	switch (word->key) {
	case EVENT_FILTER_THREAD:
		return (uint64_t)p->pid == word->number;
	case EVENT_FILTER_KIND:
	case EVENT_FILTER_CAUSE:
		return text_fits(word, "exec");
	case EVENT_FILTER_PAGE:
		return true;
	case EVENT_FILTER_ANY:
		return word_is(word, "exec") || text_fits(word, command);
	default:
		return false;
	}
}

bool event_filter_exec_event(const struct event_filter *f, const struct process *p, const char *command)
{
	unsigned wanted = 0, fitting = 0;

	for (size_t i = 0; i < f->count; i++) {
		wanted |= 1u << f->words[i].key;
		if (exec_word_fits(&f->words[i], p, command))
			fitting |= 1u << f->words[i].key;
	}
	return wanted == fitting;
}

bool event_filter_exec(struct event_filter *f, const struct process *p, uint64_t number)
{
	const struct exec_entry *entry = exec_log_at(&p->execs, number);

	return entry && event_filter_exec_event(f, p, entry->command);
}

bool event_filter_fault(struct event_filter *f, const struct process *p, uint64_t number, bool *unnamed)
{
	const struct fault_entry *entry = fault_log_at(&p->faults.log, number);
	struct asked_event a = { .filter = f, .process = p, .unnamed = unnamed, .has_ip = true };

	if (!entry || !f->count)
		return entry != NULL;
	a.of_image = number >= p->faults.image;
	a.ip = entry->fault.ip;
	a.stack = entry->stack;
	a.cause = fault_cause_name(entry->fault.cause);
	a.region = fault_regions_at(&p->faults.regions, entry->region);
	return all_fit(&a, &entry->fault, NULL);
}

bool event_filter_event(struct event_filter *f, const struct process *p, const struct event *fault,
			bool *unnamed)
{
	const struct region *region = space_find(p->space, fault->fault.address);
	struct fault_region of;
	struct asked_event a = { .filter = f,
				 .process = p,
				 .of_image = true,
				 .ip = fault->fault.ip,
				 .has_ip = true,
				 .whole = &fault->stack,
				 .cause = fault_cause_name(fault->fault.cause),
				 .unnamed = unnamed };

	if (region) {
		of = (struct fault_region){ region->attr.kind, (char *)region->attr.path };
		a.region = &of;
	}
	return all_fit(&a, &fault->fault, NULL);
}

bool event_filter_call(struct event_filter *f, const struct process *p, uint64_t number, bool *unnamed)
{
	const struct call_entry *entry = calls_at(&p->calls, number);
	struct asked_event a = { .filter = f, .process = p, .unnamed = unnamed };
	struct event_stack stack;

	if (!entry || !f->count)
		return entry != NULL;
	stack = stacks_get(&p->stacks, entry->stack);
	a.of_image = number >= p->calls.image;
	a.has_ip = stack.count > 0;
	a.ip = stack.count ? stack.ips[0] : 0;
	a.stack = entry->stack;
	a.cause = call_name(entry->call.kind);
	return all_fit(&a, NULL, &entry->call);
}
