/* What an operand names: a process as it stands, of a running one, from a session, from a snapshot. */
#ifndef CMD_OPERAND_H
#define CMD_OPERAND_H

#include "cmd/options.h"
#include "model/world.h"
#include "store/session.h"

struct operand {
	struct world *world;           /* has at least one process */
	const struct process *process; /* the one that was named, else the first */
	char *shown;                   /* what the user named it, printable */
	char time[32];                 /* wall clock, ISO 8601; raw */
	bool later_names;              /* set before: of a moment of a session, with names that came later */
	struct later_names later;      /* these */
	bool at_end;                   /* no moment was named: it is the session's end */
	/* a damaged session's: where it breaks off, and what moment this is; code 0: it is sound */
	struct err broken;
};

/* The operand is pid:NUMBER, a session file (its end), FILE@SECONDS (that moment of it), FILE#PID or
 * FILE#PID@SECONDS (one of its processes), or a snapshot file. Where it has no @SECONDS that of --at counts. Of
 * a damaged session the sound part is used, and `broken` says so. All is zero before, but for `later_names`.
 * Returns 0, or -1 with err; fini only after 0. */
int operand_open(struct operand *, const char *operand, const struct options *, struct err *);
void operand_fini(struct operand *);
/* What a command returns once it has shown it: its result, or, if that is no failure but what was shown comes
 * from a damaged session, 1; standard error says so. */
int operand_result(const struct err *broken, int result);

/* FILE[#PID][@SECONDS], taken apart unless a file has that very name. */
struct operand_parts {
	char *path;     /* the caller frees it */
	uint64_t at_ns; /* UINT64_MAX: the end */
	int32_t pid;    /* 0: the first */
};
struct operand_parts operand_take_apart(const char *operand);

/* 1 where the file is a snapshot (JSON), 0 where it is a session, -1 with err where it cannot be read.
 * A pipe counts as a snapshot. */
int operand_is_snapshot(const char *path, struct err *);

/* Does the operand name a session file, with or without #PID and @SECONDS? */
bool operand_is_session(const char *operand);

/* The session's world at a time, which the caller destroys; without any process, and err set, where
 * nothing was recorded by then. Of a damaged session the last sound moment counts, and `broken`
 * says so. */
struct world *operand_session_world(struct session *, uint64_t at_ns, struct err *broken, struct err *);

#endif
