/* Which events should be listed: a filter that a person typed.
 *
 *     thread:4243 cause:cow-file region:heap func:main kind:major access:write
 *     in:main              main anywhere in the stack
 *     page:0x7f1200003000  a page's story: its own faults and those that it came in with
 *     func:="operator new" the whole name, not a part of it; quotes keep blanks
 *     cow                  without a key: in the cause, the region's or the function's name
 *     write                ... or the whole of the kind or the access
 *
 * Every key must match; if a key is given several times, one of its words must. Case does not matter. A call
 * matches by thread, by function, and by its name, which counts as its cause; its kind is "call". Pages that
 * went match by page, region, the thread that made the call, and the reason or the call as their cause; their
 * kind is "left". An exec matches by the command line, and matches any page, because it takes all memory
 * away; its kind and cause are "exec". */
#ifndef MODEL_EVENT_FILTER_H
#define MODEL_EVENT_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "model/world.h"

enum event_filter_key {
	EVENT_FILTER_ANY,
	EVENT_FILTER_THREAD,
	EVENT_FILTER_CAUSE,
	EVENT_FILTER_REGION,
	EVENT_FILTER_FUNCTION,
	EVENT_FILTER_STACK,
	EVENT_FILTER_KIND,
	EVENT_FILTER_ACCESS,
	EVENT_FILTER_PAGE,
	EVENT_FILTER_KEYS,
};

struct filter_word {
	enum event_filter_key key;
	bool exact;
	uint64_t number; /* of a thread; the address of a page */
	char *text;      /* owned */
};

#define EVENT_FILTER_WORDS_MAX 16

/* Cached answers for addresses of code or for stacks. */
struct filter_memo {
	struct filter_answer {
		uint64_t key;
		uint8_t answer;
	} * entries; /* as many as the table counts */
	size_t cap;
	struct hash hash;
};

struct event_filter {
	struct filter_word words[EVENT_FILTER_WORDS_MAX];
	size_t count;
	bool by_name; /* it has words about functions: results may change when names come */
	struct filter_memo ips, stacks;
};

/* 0, or -1 with err and an empty filter: an unknown key, a bad number, an unterminated quote, or too many
 * words. NULL and "" make an empty filter, which everything matches. */
int event_filter_parse(struct event_filter *, const char *text, struct err *);
void event_filter_fini(struct event_filter *); /* then it is empty */
/* Appends text as the quoted value of a word; `exact`: as a whole name, not a part of one. */
void event_filter_quote(struct strbuf *out, const char *text, bool exact);

/* Does the fault with this number match? Below: the call, the departure, the exec. Sets *unnamed to true if
 * that depended on a name that has not come yet. */
bool event_filter_fault(struct event_filter *, const struct process *, uint64_t number, bool *unnamed);
/* The same for a fault that the process has not taken yet. */
bool event_filter_event(struct event_filter *, const struct process *, const struct event *fault,
			bool *unnamed);
bool event_filter_call(struct event_filter *, const struct process *, uint64_t number, bool *unnamed);
bool event_filter_left(struct event_filter *, const struct process *, uint64_t number);
bool event_filter_exec(struct event_filter *, const struct process *, uint64_t number);
/* The same for an exec that the process has not taken yet, by the new command line. */
bool event_filter_exec_event(const struct event_filter *, const struct process *, const char *command);
/* Does it have words about functions anywhere on the stack? */
bool event_filter_asks_stacks(const struct event_filter *);
/* Names have come: drops the cached answers. */
void event_filter_renamed(struct event_filter *);

#endif
