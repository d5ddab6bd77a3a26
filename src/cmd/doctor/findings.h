/* What the doctor found, in groups. */
#ifndef CMD_DOCTOR_FINDINGS_H
#define CMD_DOCTOR_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum finding_status {
	FINDING_FACT, /* neither good nor bad: `text` or `number` is the fact */
	FINDING_OK,
	FINDING_PARTIAL, /* part of it is missing */
	FINDING_DENIED,  /* we have no right to it */
	FINDING_MISSING, /* this system does not have it */
	FINDING_OFF,     /* switched off by an option */
};

/* A heading in the text, and an object in JSON. */
enum finding_group {
	FINDINGS_SYSTEM,
	FINDINGS_TERMINAL,
	FINDINGS_SELF, /* what can be seen of pagescape itself */
	FINDINGS_EVENTS,
	FINDINGS_STEPPING,
	FINDINGS_PROCESS, /* ... of the process of -p */
};

struct finding {
	enum finding_group group;
	const char *name; /* a key of JSON */
	enum finding_status status;
	char *text;         /* the fact, or what it is used for; owned; NULL: none */
	long long number;   /* of a fact without text */
	char *why;          /* if not ok; owned; NULL: not known */
	const char *remedy; /* what would help, translated; NULL: nothing known */
};

struct findings {
	struct finding *items;
	size_t count, cap;
};

/* Adds a finding and returns it, valid until the next is added. Copies `text`; NULL: none. */
struct finding *findings_add(struct findings *, enum finding_group, const char *name, enum finding_status,
			     const char *text);
void findings_fini(struct findings *);
/* As text of 79 columns, and as JSON. The pid is that of FINDINGS_PROCESS; 0: there is none. */
void findings_print_text(FILE *, const struct findings *, int32_t pid, bool ascii);
void findings_print_json(FILE *, const struct findings *);

#endif
