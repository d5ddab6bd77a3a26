/* doctor: what this machine lets us see, what it does not, why, and what would change it.
 * Everything is found by trying it; this file collects and prints. */
#include "cmd/doctor.h"

#include <jansson.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/options.h"
#include "cmd/subcommand.h"

#define WIDTH 79
#define NAME_COLUMNS 19
#define TEXT_COLUMN (4 + NAME_COLUMNS + 1)

struct finding *findings_add(struct findings *all, const char *group, const char *name,
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

/* Prints text from TEXT_COLUMN on, broken between words; the cursor stands there already. */
static void print_wrapped(const char *text)
{
	int column = TEXT_COLUMN;

	while (*text) {
		size_t len = strcspn(text, " ");
		char *word = text_printable_dup(text, len);
		int columns = text_columns(word);

		if (column > TEXT_COLUMN && column + 1 + columns > WIDTH) {
			printf("\n%*s", TEXT_COLUMN, "");
			column = TEXT_COLUMN;
		} else if (column > TEXT_COLUMN) {
			column += printf(" ");
		}
		fputs(word, stdout);
		column += columns;
		free(word);
		text += len + (text[len] == ' ');
	}
	putchar('\n');
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

static const char *group_title(const char *group, int32_t pid, char *buf, size_t size)
{
	if (!strcmp(group, "system"))
		return _("System");
	if (!strcmp(group, "terminal"))
		return _("Terminal");
	if (!strcmp(group, "events"))
		return _("Page faults: who touched a page, and from where");
	if (!strcmp(group, "stepping"))
		return _("Stopping a program, and stepping it from fault to fault");
	if (!strcmp(group, "self"))
		return _("What can be seen of a process of one's own (tried on pagescape itself)");
	snprintf(buf, size, _("What can be seen of process %d"), (int)pid);
	return buf;
}

static void print_finding(const struct finding *finding, bool ascii)
{
	char number[24];

	printf("  %s %-*s ", status_mark(finding->status, ascii), NAME_COLUMNS, finding->name);
	snprintf(number, sizeof number, "%lld", finding->number);
	print_wrapped(finding->text ? finding->text : number);
	if (finding->why) {
		struct strbuf line = { 0 };

		strbuf_printf(&line, "%s: %s", _(status_word(finding->status)), finding->why);
		printf("%*s", TEXT_COLUMN, "");
		print_wrapped(line.text);
		strbuf_fini(&line);
	}
	if (finding->remedy) {
		struct strbuf line = { 0 };

		strbuf_printf(&line, _("to get it: %s"), finding->remedy);
		printf("%*s", TEXT_COLUMN, "");
		print_wrapped(line.text);
		strbuf_fini(&line);
	}
}

static void print_text(const struct findings *all, const struct options *options)
{
	bool ascii = options_ascii(options);
	const char *group = "";
	char title[160];

	for (size_t i = 0; i < all->count; i++) {
		if (strcmp(group, all->items[i].group)) {
			group = all->items[i].group;
			printf("%s%s\n", i ? "\n" : "",
			       group_title(group, options->pid, title, sizeof title));
		}
		print_finding(&all->items[i], ascii);
	}
}

static json_t *json_text(const char *bytes)
{
	char *utf8 = text_utf8_dup(bytes, strlen(bytes));
	json_t *json = json_string(utf8);

	free(utf8);
	return json;
}

static json_t *json_finding(const struct finding *finding)
{
	json_t *object;

	if (finding->status == FINDING_FACT)
		return finding->text ? json_text(finding->text) : json_integer(finding->number);
	object = json_object();
	json_object_set_new(object, "status", json_string(status_word(finding->status)));
	if (finding->why)
		json_object_set_new(object, "why", json_text(finding->why));
	if (finding->remedy)
		json_object_set_new(object, "remedy", json_text(finding->remedy));
	return object;
}

static void print_json(const struct findings *all)
{
	json_t *root = json_object();

	json_object_set_new(root, "schema", json_string("pagescape.doctor/1"));
	for (size_t i = 0; i < all->count; i++) {
		json_t *group = json_object_get(root, all->items[i].group);

		if (!group) {
			group = json_object();
			json_object_set_new(root, all->items[i].group, group);
		}
		json_object_set_new(group, all->items[i].name, json_finding(&all->items[i]));
	}
	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(root);
}

static int run_doctor(const struct options *options, struct err *err)
{
	struct findings all = { 0 };
	int result;

	doctor_probe_system(&all);
	result = doctor_probe_process(&all, "self", getpid(), options, err);
	if (result == 0 && options->pid)
		result = doctor_probe_process(&all, "process", options->pid, options, err);
	doctor_probe_events(&all, options);
	doctor_probe_stepping(&all);
	doctor_probe_terminal(&all);
	if (result == 0 && options->json)
		print_json(&all);
	else if (result == 0)
		print_text(&all, options);
	findings_fini(&all);
	return result;
}

static const char *const usage[] = { N_("doctor [-p PID] [OPTION ...]"), NULL };

static const char *const taken[] = { "pid", "ascii", "json", "proc-root", "no-SOURCE", NULL };

const struct subcommand subcommand_doctor = {
	.name = "doctor",
	.usage = usage,
	.options = taken,
	.help = N_("Says what this machine lets pagescape see, what it does not, why, and what would\n"
		   "change that. Everything is found by trying it."),
	.run = run_doctor,
};
