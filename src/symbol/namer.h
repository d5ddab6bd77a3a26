/* Finds what lies at an address of code, from all that was prepared for it: never looks at
 * the process, its model or a reader, so that it may work in a thread of its own. */
#ifndef SYMBOL_NAMER_H
#define SYMBOL_NAMER_H

#include "event/event.h"
#include "symbol/code_files.h"
#include "symbol/source_text.h"

/* One address, and where to look. */
struct name_job {
	struct name_job *next;
	uint64_t ip;             /* 0: the file is only to be read */
	uint64_t identity;       /* the asker's own, handed back */
	unsigned epoch;          /* likewise */
	struct code_entry *file; /* a reference; NULL: no file is behind it */
	char *object;            /* path of the file, or what maps calls the region; owned */
	uint64_t offset;         /* of ip in the file; without one, in the region */
	int perf_map;            /* fd of a map of code made at run time, owned; -1: none */
	const char *why;         /* why nothing lies there, translated; "" */
};
void name_job_free(struct name_job *);

struct name_answer {
	struct name_answer *next;
	uint64_t identity;
	unsigned epoch;
	bool again;                 /* a later perf map may tell more */
	struct event_symbol symbol; /* texts and frames owned */
	struct text_chunk chunks[CODE_FRAMES_MAX * TEXT_CHUNKS_MAX];
	size_t chunk_count;
};
void name_answer_free(struct name_answer *);

struct namer;
/* As source_text_create. */
struct namer *namer_create(int root, uint32_t uid);
void namer_destroy(struct namer *);
/* Takes the job over. The first job of a large file takes long. */
struct name_answer *namer_work(struct namer *, struct name_job *);

#endif
