/* The words of states, flags, kinds and causes are those of JSON. */
#include "expect/figure.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "event/event.h"

#define COUNT(name, id, detail)                                                                              \
	{                                                                                                    \
		name, id, VALUE_NUMBER, VALUE_UNIT_PAGES, FIGURE_ABOUT_PAGES, detail, false                  \
	}
#define NUMBER(name, id, unit, about)                                                                        \
	{                                                                                                    \
		name, id, VALUE_NUMBER, unit, about, 0, false                                                \
	}
#define WORD(name, id, about, fault)                                                                         \
	{                                                                                                    \
		name, id, VALUE_WORD, VALUE_UNIT_NONE, about, 0, fault                                       \
	}
#define TEXT(name, id, about, fault)                                                                         \
	{                                                                                                    \
		name, id, VALUE_TEXT, VALUE_UNIT_NONE, about, 0, fault                                       \
	}

/* Pages in a state, by the word of the state. */
static const struct figure state_count = COUNT(NULL, FIGURE_STATE_COUNT, 0);

static const struct figure figures[] = {
	COUNT("resident", FIGURE_RESIDENT, 0),
	COUNT("pages", FIGURE_PAGES, 0),
	COUNT("exclusive", FIGURE_FLAG_COUNT, PAGE_EXCLUSIVE),
	COUNT("shared", FIGURE_FLAG_COUNT, PAGE_SHARED),
	COUNT("huge", FIGURE_FLAG_COUNT, PAGE_HUGE),
	COUNT("dirty", FIGURE_FLAG_COUNT, PAGE_DIRTY),
	COUNT("referenced", FIGURE_FLAG_COUNT, PAGE_REFERENCED),
	COUNT("locked", FIGURE_FLAG_COUNT, PAGE_LOCKED),
	NUMBER("regions", FIGURE_REGIONS, VALUE_UNIT_NONE, FIGURE_ABOUT_PAGES),
	NUMBER("size", FIGURE_SIZE, VALUE_UNIT_BYTES, FIGURE_ABOUT_PAGES),
	{ "faults", FIGURE_FAULTS, VALUE_NUMBER, VALUE_UNIT_NONE, FIGURE_ABOUT_FAULTS, 0, false },
	{ "minor", FIGURE_FAULTS, VALUE_NUMBER, VALUE_UNIT_NONE, FIGURE_ABOUT_FAULTS, 1, false },
	{ "major", FIGURE_FAULTS, VALUE_NUMBER, VALUE_UNIT_NONE, FIGURE_ABOUT_FAULTS, 2, false },
	WORD("state", FIGURE_STATE, FIGURE_ABOUT_ADDRESS, false),
	WORD("kind", FIGURE_KIND, FIGURE_ABOUT_ADDRESS, true),
	WORD("cause", FIGURE_CAUSE, FIGURE_ABOUT_ADDRESS, true),
	WORD("access", FIGURE_ACCESS, FIGURE_ABOUT_ADDRESS, true),
	TEXT("function", FIGURE_FUNCTION, FIGURE_ABOUT_ADDRESS, true),
	NUMBER("frame", FIGURE_FRAME, VALUE_UNIT_NONE, FIGURE_ABOUT_ADDRESS),
	NUMBER("mappings", FIGURE_MAPPINGS, VALUE_UNIT_NONE, FIGURE_ABOUT_ADDRESS),
	NUMBER("byte", FIGURE_BYTE, VALUE_UNIT_NONE, FIGURE_ABOUT_ADDRESS),
	NUMBER("start", FIGURE_START, VALUE_UNIT_ADDRESS, FIGURE_ABOUT_ADDRESS),
	NUMBER("end", FIGURE_END, VALUE_UNIT_ADDRESS, FIGURE_ABOUT_ADDRESS),
	NUMBER("offset", FIGURE_OFFSET, VALUE_UNIT_BYTES, FIGURE_ABOUT_ADDRESS),
	NUMBER("inode", FIGURE_INODE, VALUE_UNIT_NONE, FIGURE_ABOUT_ADDRESS),
	TEXT("rights", FIGURE_RIGHTS, FIGURE_ABOUT_ADDRESS, false),
	TEXT("path", FIGURE_PATH, FIGURE_ABOUT_ADDRESS, false),
	TEXT("name", FIGURE_NAME, FIGURE_ABOUT_ADDRESS, false),
	TEXT("output", FIGURE_OUTPUT, FIGURE_ABOUT_NOTHING, false),
	WORD("status", FIGURE_STATUS, FIGURE_ABOUT_NOTHING, false),
	WORD("signal", FIGURE_SIGNAL, FIGURE_ABOUT_NOTHING, false),
	NUMBER("exit", FIGURE_EXIT, VALUE_UNIT_NONE, FIGURE_ABOUT_NOTHING),
	NUMBER("threads", FIGURE_THREADS, VALUE_UNIT_NONE, FIGURE_ABOUT_PROCESS),
	NUMBER("children", FIGURE_CHILDREN, VALUE_UNIT_NONE, FIGURE_ABOUT_NOTHING),
	NUMBER("page-size", FIGURE_PAGE_SIZE, VALUE_UNIT_BYTES, FIGURE_ABOUT_NOTHING),
};

static bool is_word(const char *word, const char *name, size_t length)
{
	return strlen(word) == length && memcmp(word, name, length) == 0;
}

const struct figure *figure_find(const char *name, size_t length, unsigned *detail)
{
	for (unsigned i = PAGE_NONE + 1; i < PAGE_STATES; i++)
		if (is_word(page_state_name((enum page_state)i), name, length)) {
			if (detail)
				*detail = i;
			return &state_count;
		}
	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
		if (is_word(figures[i].name, name, length)) {
			if (detail)
				*detail = figures[i].detail;
			return &figures[i];
		}
	return NULL;
}

const struct figure *figure_of(enum figure_id id)
{
	const struct figure *figure = figures;

	while (figure->id != id)
		figure++;
	return figure;
}

static const char *state_word(int i)
{
	return i < PAGE_STATES ? page_state_name((enum page_state)i) : NULL;
}

static const char *region_word(int i)
{
	return i < REGION_KINDS ? region_kind_name((enum region_kind)i) : i == REGION_KINDS ? "none" : NULL;
}

static const char *fault_kind_word(int i)
{
	static const char *const words[] = { "minor", "major", "segv", "bus", "none" };

	return i < 5 ? words[i] : NULL;
}

static const char *cause_word(int i)
{
	return i < FAULT_CAUSES ? fault_cause_name((enum fault_cause)i) : i == FAULT_CAUSES ? "none" : NULL;
}

static const char *access_word(int i)
{
	return i <= FAULT_EXEC       ? fault_access_name((enum fault_access)i)
	       : i == FAULT_EXEC + 1 ? "none"
				     : NULL;
}

static const char *status_word(int i)
{
	static const char *const words[] = { "running", "exited", "killed" };

	return i < 3 ? words[i] : NULL;
}

int figure_word(const struct figure *figure, bool of_fault, const char *word, struct strbuf *others)
{
	const char *(*words)(int) = figure->id == FIGURE_STATE    ? state_word
				    : figure->id == FIGURE_CAUSE  ? cause_word
				    : figure->id == FIGURE_ACCESS ? access_word
				    : figure->id == FIGURE_STATUS ? status_word
				    : figure->id != FIGURE_KIND   ? NULL
				    : of_fault                    ? fault_kind_word
								  : region_word;
	const char *each;

	if (!words) { /* a signal */
		if (others)
			strbuf_puts(others, "SIGSEGV, SIGBUS, SIGKILL, ..., none");
		return text_begins(word, "SIG") || strcmp(word, "none") == 0 ? 0 : -1;
	}
	for (int i = 0; (each = words(i)); i++) {
		if (!strcmp(each, word))
			return i;
		if (others)
			strbuf_printf(others, "%s%s", i ? ", " : "", each);
	}
	return -1;
}
