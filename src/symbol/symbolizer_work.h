/* Finds what is at an address of code, from a job that was prepared for it. It never accesses the process
 * itself, so it may run in its own thread. */
#ifndef SYMBOL_SYMBOLIZER_WORK_H
#define SYMBOL_SYMBOLIZER_WORK_H

#include "event/event.h"
#include "symbol/modules.h"
#include "symbol/source_text.h"

/* One address, and where to look. */
struct symbolizer_job {
	struct symbolizer_job *next;
	uint64_t ip;           /* 0: only read the file */
	uint64_t identity;     /* the asker's, handed back */
	unsigned epoch;        /* likewise */
	struct module *module; /* a reference; NULL: no file is behind it */
	char *object;          /* path of the file, or the region's name in maps; owned */
	uint64_t offset;       /* of ip in the file; without one, in the region */
	int perf_map;          /* fd of a map of code made at run time, owned; -1: none */
	struct err refusal;    /* why there is no code; ERR_NONE: it has to be looked up */
};
void symbolizer_job_free(struct symbolizer_job *);

struct symbolizer_answer {
	struct symbolizer_answer *next;
	uint64_t identity;
	unsigned epoch;
	struct module *module; /* where it was found, and at which offset; NULL: in no file */
	uint64_t at;
	bool again;                 /* ask again: a later perf map may name it */
	bool whole;                 /* nothing is missing; otherwise symbol.why */
	struct event_symbol symbol; /* its texts and list of functions are owned */
	struct text_chunk chunks[CODE_FRAMES_MAX * SOURCE_TEXT_CHUNKS_MAX];
	size_t chunk_count;
};
void symbolizer_answer_free(struct symbolizer_answer *);

struct symbolizer_work;
/* As source_text_create. */
struct symbolizer_work *symbolizer_work_create(int root, uint32_t uid);
void symbolizer_work_destroy(struct symbolizer_work *);
/* Does a job, which it takes over. The first job for a large file takes long. The caller frees the answer. */
struct symbolizer_answer *symbolizer_work_do(struct symbolizer_work *, struct symbolizer_job *);

#endif
