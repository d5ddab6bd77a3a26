/* Findings as text, in groups:
 *
 *     What pagescape can see of its own process
 *       ✓ pagemap             page states
 *       ✗ frames              frame numbers
 *                             denied: ...
 *                             to get it: run as root (sudo)
 *
 * and as JSON (pagescape.doctor/1), an object a group. */
#include "cmd/doctor/findings.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "export/json.h"

#define WIDTH 79
#define NAME_COLUMNS 19
#define TEXT_COLUMN (4 + NAME_COLUMNS + 1)

struct finding *findings_add(struct findings *all, enum finding_group group, const char *name,
			     enum finding_status status, const char *text)
{
	mem_grow(all->items, all->cap, all->count + 1);
	all->items[all->count] = (struct finding){
		.group = group, .name = name, .status = status, .text = text ? mem_strdup(text) : NULL
	};
	return &all->items[all->count++];
}

void findings_fini(struct findings *all)
{
	for (size_t i = 0; i < all->count; i++) {
		free(all->items[i].text);
		free(all->items[i].why);
	}
	free(all->items);
}

/* Prints text from TEXT_COLUMN on, where the cursor is already; breaks it between words. */
static void print_wrapped(FILE *out, const char *text)
{
	int column = TEXT_COLUMN;

	while (*text) {
		size_t len = strcspn(text, " ");
		char *word = text_printable_dup(text, len);
		int columns = text_columns(word);

		if (column > TEXT_COLUMN && column + 1 + columns > WIDTH) {
			fprintf(out, "\n%*s", TEXT_COLUMN, "");
			column = TEXT_COLUMN;
		} else if (column > TEXT_COLUMN) {
			column += fprintf(out, " ");
		}
		fputs(word, out);
		column += columns;
		free(word);
		text += len + (text[len] == ' ');
	}
	fputc('\n', out);
}

static const char *status_mark(enum finding_status status, bool ascii)
{
	switch (status) {
	case FINDING_FACT:
		return " ";
	case FINDING_OK:
		return ascii ? "+" : "✓";
	case FINDING_PARTIAL:
		return ascii ? "~" : "◐";
	case FINDING_OFF:
		return ascii ? "o" : "○";
	case FINDING_DENIED:
	case FINDING_MISSING:
		break;
	}
	return ascii ? "x" : "✗";
}

static const char *status_word(enum finding_status status)
{
	switch (status) {
	case FINDING_FACT:
	case FINDING_OK:
		break;
	case FINDING_PARTIAL:
		return N_("partial");
	case FINDING_DENIED:
		return N_("denied");
	case FINDING_MISSING:
		return N_("missing");
	case FINDING_OFF:
		return N_("off");
	}
	return "ok";
}

static const struct {
	const char *key;   /* of JSON */
	const char *title; /* translatable; NULL: print_title has it */
} groups[] = {
	[FINDINGS_SYSTEM] = { "system", N_("System") },
	[FINDINGS_TERMINAL] = { "terminal", N_("Terminal") },
	[FINDINGS_SELF] = { "self",
			    N_("What can be seen of your own processes (tried on pagescape itself)") },
	[FINDINGS_EVENTS] = { "events", N_("Page faults: who touched a page, and from where") },
	[FINDINGS_STEPPING] = { "stepping", N_("Stopping a program, and stepping from fault to fault") },
	[FINDINGS_PROCESS] = { "process", NULL },
};

static void print_title(FILE *out, enum finding_group group, int32_t pid)
{
	if (group == FINDINGS_PROCESS)
		fprintf(out, _("What can be seen of process %d"), (int)pid);
	else
		fputs(_(groups[group].title), out);
	fputc('\n', out);
}

static void print_finding(FILE *out, const struct finding *finding, bool ascii)
{
	char number[24];

	fprintf(out, "  %s %-*s ", status_mark(finding->status, ascii), NAME_COLUMNS, finding->name);
	snprintf(number, sizeof number, "%lld", finding->number);
	print_wrapped(out, finding->text ? finding->text : number);
	if (finding->why) {
		struct strbuf line = { 0 };

		strbuf_printf(&line, "%s: %s", _(status_word(finding->status)), finding->why);
		fprintf(out, "%*s", TEXT_COLUMN, "");
		print_wrapped(out, line.text);
		strbuf_fini(&line);
	}
	if (finding->remedy) {
		struct strbuf line = { 0 };

		strbuf_printf(&line, _("to get it: %s"), finding->remedy);
		fprintf(out, "%*s", TEXT_COLUMN, "");
		print_wrapped(out, line.text);
		strbuf_fini(&line);
	}
}

void findings_print_text(FILE *out, const struct findings *all, int32_t pid, bool ascii)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct finding *finding = &all->items[i];

		if (!i || finding->group != finding[-1].group) {
			fputs(i ? "\n" : "", out);
			print_title(out, finding->group, pid);
		}
		print_finding(out, finding, ascii);
	}
}

static json_t *json_finding(const struct finding *finding)
{
	json_t *object;

	if (finding->status == FINDING_FACT)
		return finding->text ? json_from_text(finding->text) : json_integer(finding->number);
	object = json_object();
	json_object_set_new(object, "status", json_string(status_word(finding->status)));
	if (finding->why)
		json_object_set_new(object, "why", json_from_text(finding->why));
	if (finding->remedy)
		json_object_set_new(object, "remedy", json_from_text(finding->remedy));
	return object;
}

void findings_print_json(FILE *out, const struct findings *all)
{
	json_t *root = json_object();

	json_object_set_new(root, "schema", json_string("pagescape.doctor/1"));
	for (size_t i = 0; i < all->count; i++) {
		const char *key = groups[all->items[i].group].key;
		json_t *group = json_object_get(root, key);

		if (!group) {
			group = json_object();
			json_object_set_new(root, key, group);
		}
		json_object_set_new(group, all->items[i].name, json_finding(&all->items[i]));
	}
	json_print(out, root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	fputc('\n', out);
}
