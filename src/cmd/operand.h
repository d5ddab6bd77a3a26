/* What an operand names: a picture of a process, running, from a session, or from a snapshot. */
#ifndef CMD_OPERAND_H
#define CMD_OPERAND_H

#include "cmd/options.h"
#include "model/world.h"
#include "store/session.h"

struct operand {
	struct world *world;           /* has at least one process */
	const struct process *process; /* the one that was named, else the first */
	char *shown;                   /* the operand, printable */
	char time[32];                 /* wall clock, ISO 8601; raw */
	bool later_names;              /* set by the caller: use names that came after the moment */
	struct later_names later;      /* these names */
	bool at_end;                   /* no moment was given: it is the session's end */
	/* a damaged session's: where it breaks off, and which moment this is; code 0: it is not damaged */
	struct err broken;
};

/* The operand is pid:NUMBER, a session file (its end), FILE@SECONDS (that moment of it), FILE#PID or
 * FILE#PID@SECONDS (one of its processes), or a snapshot file. If it has no @SECONDS, --at counts. The valid
 * part of a damaged session is used, and `broken` says so. Starts from zeroes except `later_names`. Returns
 * 0, or -1 with err; fini only after 0. */
int operand_open(struct operand *, const char *operand, const struct options *, struct err *);
/* The same for a moment of a session, by the file's own name: its first process. */
int operand_open_moment(struct operand *, const char *path, uint64_t at_ns, struct err *);
void operand_fini(struct operand *);
/* The exit status of a command that has shown it: its own result, or 1 if that is a success but the session
 * is damaged, which is printed on standard error. */
int operand_result(const struct err *broken, int result);

/* The parts of FILE[#PID][@SECONDS], unless a file has exactly that name. */
struct operand_parts {
	char *path;     /* the caller frees it */
	uint64_t at_ns; /* UINT64_MAX: the end */
	int32_t pid;    /* 0: the first */
};
struct operand_parts operand_take_apart(const char *operand);

/* 1 if the file is a snapshot (JSON), 0 if it is a session, -1 with err if it cannot be read. A pipe counts
 * as a snapshot. */
int operand_is_snapshot(const char *path, struct err *);

/* Does the operand name a session file, with or without #PID and @SECONDS? */
bool operand_is_session(const char *operand);

/* The session's world at a time, which the caller destroys; without any process, and err set, if nothing was
 * recorded by then. Of a damaged session the last valid moment is used, and `broken` says so. */
struct world *operand_session_world(struct session *, uint64_t at_ns, struct err *broken, struct err *);

#endif
