/* What the doctor found, one line each, in groups. */
#ifndef CMD_DOCTOR_H
#define CMD_DOCTOR_H

#include "cmd/options.h"

enum finding_status {
	FINDING_FACT, /* nothing to be well or ill: `text` or `number` is the fact */
	FINDING_OK,
	FINDING_PARTIAL, /* it is there, and something of it is missing */
	FINDING_DENIED,  /* it is there, and we have no right to it */
	FINDING_MISSING, /* this system does not have it */
	FINDING_OFF,     /* switched off by an option */
};

struct finding {
	const char *group; /* a key of JSON: "system", "self", "process", ... */
	const char *name;  /* a key of JSON */
	enum finding_status status;
	char *text;         /* the fact, or what it is good for; owned, NULL for none */
	long long number;   /* of a fact without text */
	char *why;          /* where it is not ok; owned */
	const char *remedy; /* what would give it, translated; NULL: nothing that we know */
};

struct findings {
	struct finding *items;
	size_t count, cap;
};

/* Adds one and returns it, to be filled further. `text` is copied; NULL: none. */
struct finding *findings_add(struct findings *, const char *group, const char *name, enum finding_status,
			     const char *text);
void findings_fini(struct findings *);

/* Each source of data, tried on a process. Fails where there is no such process, or none
 * that has memory; being denied is a finding. */
int doctor_probe_process(struct findings *, const char *group, int32_t pid, const struct options *,
			 struct err *);
/* The kernel, our rights, what is set. */
void doctor_probe_system(struct findings *);
void doctor_probe_terminal(struct findings *);
/* Events that tell who touched a page, and what comes with them. */
void doctor_probe_events(struct findings *, const struct options *);
/* Whether a process could be stopped: paused, and at each of its faults. Tried on a child. */
void doctor_probe_stepping(struct findings *);

#endif
