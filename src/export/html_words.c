#include "export/html_words.h"

#include <string.h>

#include "base/i18n.h"

#define COUNTS 200 /* a language's rule for plural forms repeats within them */
#define FORMS_MAX 6

/* The words of data/html/page.html and its scripts; tests/cli/html.sh compares them. {0} stands for a figure
 * or a name. */
static const char *const texts[] = {
	N_("Time"),
	N_("Resident memory by state, and faults, over time. Click to go there."),
	N_("Play (space)"),
	N_("play"),
	N_("stop"),
	N_("process"),
	N_("search"),
	N_("region, address, function"),
	N_("Smaller cells: more pages in sight (-)"),
	N_("Larger cells (+)"),
	N_("Dark, light, or as the system is set"),
	N_("theme"),
	N_("Keys (?)"),
	N_("keys"),
	N_("pages"),
	N_("regions"),
	N_("functions"),
	N_("why"),
	N_("about"),
	N_("Pages. Arrow keys move, enter shows the page's story."),
	N_("whole graph"),
	N_("Flame graph: functions by the pages that came in while they ran. Click on one to see it alone."),
	N_("nothing was recorded"),
	N_("{0} long"),
	N_("Of this process nothing more is known at the end."),
	N_("Faults: {0}; in this page: {1}, the first of each cell, and one of {2} of its others. Functions "
	   "count all of them."),
	N_("From {0} on, states of pages are shown at longer intervals, because there were many changes."),
	N_("Process {0}, {1}: {2}"),
	N_("Every page and every fault of the session is in this page."),
	N_("Made by {0} from {1}. Times count from the beginning of the watch. The session itself has more: "
	   "bytes, calls, output, source lines."),
	N_("{0} of {1}"),
	N_("minor faults {0}  major {1}"),
	N_("region"),
	N_("kind"),
	N_("permissions"),
	N_("size"),
	N_("resident"),
	N_("address"),
	N_("all"),
	N_("function"),
	N_("pages with callees"),
	N_("pages itself"),
	N_("faults"),
	N_("page {0}"),
	N_("region {0}"),
	N_("function {0}"),
	N_("nothing has that name"),
	N_("; {0} at {1}, {2}"),
	N_("Keys"),
	N_("arrows"),
	N_("to another page"),
	N_("space"),
	N_("close"),
	N_("fewer pages a cell"),
	N_("more pages a cell"),
	N_("to the next change or fault"),
	N_("to the previous one"),
	N_("forward by a hundredth of the time"),
	N_("... back"),
	N_("to the beginning"),
	N_("to the end"),
	N_("why: what it is made of, in words"),
	N_("dark or light"),
	N_("these keys"),
	N_("This page cannot be shown: {0}"),
	N_("Nothing is mapped at this time."),
	N_(", after a gap of {0}"),
	N_("resident, at most {0}"),
	N_("access not known"),
	N_("read"),
	N_("write"),
	N_("execution"),
	N_(" (inferred)"),
	N_("major fault, {0}, thread {1}"),
	N_("minor fault, {0}, thread {1}"),
	N_("no region holds it at this time"),
	N_("who"),
	N_("when"),
	N_("cause"),
	N_("touched"),
	N_(" (deduced)"),
	N_("stack, innermost first"),
	N_("Click on a page, or move with the arrow keys."),
	N_("state at {0}"),
	N_("; since {0}"),
	N_("No fault of this page was seen up to this time."),
	N_("all its faults, the latest first"),
	N_("when it went, the latest first"),
};

/* Words that go with a count, {0}. */
struct counted {
	const char *one, *many;
};
#define NP_(one, many)                                                                                       \
	{                                                                                                    \
		one, many                                                                                    \
	}

static const struct counted counted[] = {
	NP_("{0} page", "{0} pages"),
	NP_("{0} fault", "{0} faults"),
	NP_("{0} page a cell", "{0} pages a cell"),
	NP_("{0} large region is shown in cells of several pages, up to {1}: its heading says how many.",
	    "{0} large regions are shown in cells of several pages each, up to {1}: their headings say how "
	    "many."),
	NP_("{0} later region is left out.", "{0} later regions are left out."),
	NP_("{0} later process is left out.", "{0} later processes are left out."),
	NP_("{0} later departure of pages is left out.", "{0} later departures of pages are left out."),
	NP_("{0} event was lost when this was recorded.", "{0} events were lost when this was recorded."),
	NP_("{1} of {0} page resident", "{1} of {0} pages resident"),
	NP_(", which brought {0} neighbour along", ", which brought {0} neighbours along"),
	NP_("; stands for {0} fault here", "; stands for {0} faults here"),
};

/* The first count of each form, by the words of the first row: these differ in every form. */
static size_t find_forms(unsigned long first[static FORMS_MAX], char digits[static COUNTS + 1])
{
	const char *seen[FORMS_MAX];
	size_t count = 0;

	for (unsigned long n = 0; n < COUNTS; n++) {
		const char *form = ngettext(counted->one, counted->many, n);
		size_t i = 0;

		while (i < count && strcmp(seen[i], form))
			i++;
		if (i == count && count < FORMS_MAX) {
			seen[count] = form;
			first[count++] = n;
		}
		digits[n] = (char)('0' + (i < FORMS_MAX ? i : 0));
	}
	digits[COUNTS] = '\0';
	return count;
}

json_t *html_words(void)
{
	json_t *out = json_object();
	unsigned long first[FORMS_MAX];
	char digits[COUNTS + 1];
	size_t forms = find_forms(first, digits);

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(_(texts[i]), texts[i]))
			json_object_set_new(out, texts[i], json_string(_(texts[i])));
	for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
		json_t *list = json_array();

		for (size_t k = 0; k < forms; k++)
			json_array_append_new(
			    list, json_string(ngettext(counted[i].one, counted[i].many, first[k])));
		json_object_set_new(out, counted[i].one, list);
	}
	return out;
}

json_t *html_forms(void)
{
	unsigned long first[FORMS_MAX];
	char digits[COUNTS + 1];

	find_forms(first, digits);
	return json_string(digits);
}

void html_write_noscript(FILE *out)
{
	fputs(_("This page draws what is in it with a script, and needs no network for it. Scripts are "
		"switched off here."),
	      out);
}
