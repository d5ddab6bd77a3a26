#include "verdict/sentence.h"

const char *sentence_kind_name(enum sentence_kind kind)
{
	static const char *const names[SENTENCE_KINDS] = {
		[SENTENCE_GROWTH] = "growth",
		[SENTENCE_UNSEEN] = "unseen",
		[SENTENCE_GROWING] = "still-growing",
		[SENTENCE_PRIVATE] = "private",
		[SENTENCE_FILES] = "clean-files",
		[SENTENCE_FREED] = "lazily-free",
		[SENTENCE_FORK] = "shared-since-fork",
		[SENTENCE_COPIED] = "copied-since-fork",
		[SENTENCE_LOCKED] = "locked",
		[SENTENCE_OWNER] = "owner",
		[SENTENCE_ARENAS] = "arenas",
		[SENTENCE_STACKS] = "thread-stacks",
		[SENTENCE_MALLOC_FREE] = "malloc-free",
		[SENTENCE_HUGE_ZERO] = "huge-zero",
		[SENTENCE_HUGE] = "huge",
		[SENTENCE_SWAP] = "swap",
		[SENTENCE_REGIONS] = "regions",
		[SENTENCE_PAGE_TABLES] = "page-tables",
		[SENTENCE_DIRTY] = "dirty-files",
		[SENTENCE_CGROUP] = "cgroup",
		[SENTENCE_PEAK] = "peak",
		[SENTENCE_NODES] = "nodes",
	};

	return (unsigned)kind < SENTENCE_KINDS ? names[kind] : "unknown";
}
