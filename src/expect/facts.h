/* The facts that expectations are evaluated by: the model, and what the process's owner answers through
 * callbacks. */
#ifndef EXPECT_FACTS_H
#define EXPECT_FACTS_H

#include "event/source.h"
#include "expect/expect.h"
#include "expect/moments.h"
#include "model/world.h"

/* A variable of the program, at file scope. */
struct expect_variable {
	uint64_t address, size;
	bool points;    /* it is a pointer, so its name stands for what it points to */
	bool has_value; /* it is a number or a pointer */
	int64_t value;
};

/* Each returns 0, or -1 with err, which says why it is not known. */
struct expect_facts_ops {
	int (*variable)(void *context, int32_t pid, const char *name, struct expect_variable *, struct err *);
	/* One byte, without bringing its page in. */
	int (*byte)(void *context, int32_t pid, uint64_t address, uint8_t *byte, struct err *);
	/* The number of a page's frame, and how often that is mapped. */
	int (*frame)(void *context, int32_t pid, uint64_t page, uint64_t *frame, struct err *);
	int (*mappings)(void *context, int32_t pid, uint64_t page, uint64_t *count, struct err *);
	/* Of a page in two processes: an enum page_common. */
	int (*common)(void *context, int32_t a, int32_t b, uint64_t page, uint8_t *common, struct err *);
};

/* A named place with a length, so that its name alone stands for it. */
struct expect_named {
	const char *name;
	const struct expect_place *place;
};

struct expect_facts {
	const struct world *world;
	int32_t pid; /* the program itself */
	const struct moments *moments;
	const struct expect_named *named;
	size_t named_count;
	const struct expect_facts_ops *ops; /* NULL: only the model is known */
	void *context;
};

struct page_span {
	uint64_t first, end; /* pages */
};

/* Where a place is. */
struct expect_where {
	const struct process *process;
	uint64_t address; /* its first */
	uint64_t end;     /* after its last; 0: not one range */
	struct page_span *spans;
	size_t count, cap;
};

#endif
