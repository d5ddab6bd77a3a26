/* libunwind, which gets memory and registers from functions of ours:
 *
 *     a register            the sample's
 *     memory in the stack   the sample's bytes; what lies beyond them ends the stack
 *     other memory          the files that are mapped there (symbol/unwind_tables.h)
 *     tables for an address .eh_frame_hdr of the file
 *
 * For a stopped thread libunwind-ptrace reads registers and memory instead. Tables come from the same
 * place even so: libunwind-ptrace would open files by the paths in maps, which may lead to other
 * files by now, or nowhere.
 *
 * The first function has no caller: its tables say so, or it has none, as in ld.so. Then it is known
 * by its stack pointer, which is where the kernel put it: above lie the arguments.
 *
 * If a file has no tables, libunwind would guess that frame pointers are kept: the error that
 * we return prevents it, and symbol/unwind_bare.h looks closer. From there libunwind begins anew, as
 * if the registers of then had been sampled.
 *
 * What is missing at the end of a sample may have been seen before: symbol/unwind_outer.h.
 *
 * Tables may be hostile. What one frame may read is bounded, for an expression can jump back for ever.
 *
 * See libunwind(3), unw_create_addr_space(3). */
#include "symbol/unwind.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "symbol/unwind_bare.h"
#include "symbol/unwind_memo.h"
#include "symbol/unwind_outer.h"
#include "symbol/unwind_tables.h"

#ifdef __x86_64__
#include <libunwind-ptrace.h>
#include <libunwind.h>

#define REG_SP 7
#define REG_IP 16
#define FUNCTIONS 4096 /* whose beginnings are remembered: a power of two */
#define CODE_BYTES 4096
#define CODES 32                         /* pages of code of no file that are remembered: a power of two */
#define STACK_REACH (UINT64_C(64) << 20) /* what is that near above the sample is stack too */
#define READS_MAX 65536                  /* words read for one frame */
#define TOP_REACH 256                    /* the first function may have taken its arguments from the stack */

/* Exported for this use, but declared in no installed header. */
int UNW_OBJ(dwarf_search_unwind_table)(unw_addr_space_t, unw_word_t, unw_dyn_info_t *, unw_proc_info_t *, int,
				       void *);

struct unwinder {
	unw_addr_space_t space;
	struct unwind_tables *tables;
	struct unwind_memo *memo;
	struct unwind_outer *outer;
	struct unwind_files files;
	struct function {
		uint64_t ip, start;
	} functions[FUNCTIONS]; /* by ip */
	struct code {
		uint64_t address;
		size_t length;
		uint8_t bytes[CODE_BYTES];
	} codes[CODES];                     /* by address */
	const struct unwind_sample *sample; /* being unwound */
	struct unwind_state state;          /* of a function on the way, from which on it goes on: */
	bool restated;
	bool bare; /* the function at hand has no table */
	struct outer_place places[STACK_MAX];
	bool called[STACK_MAX]; /* its function stands behind a call */
	struct unwind_trace trace;
	unsigned reads; /* of memory, for the frame at hand */
	bool beyond;    /* a word above the sample was wanted */
	void *thread;   /* the stopped thread being unwound, as libunwind-ptrace has it; NULL: none */
};

static int search(struct unwinder *u, const struct unwind_table *table, unw_word_t ip, unw_proc_info_t *info,
		  int need)
{
	unw_dyn_info_t dyn = { .format = UNW_INFO_FORMAT_REMOTE_TABLE };

	dyn.start_ip = table->start;
	dyn.end_ip = table->end;
	dyn.u.rti.segbase = table->base;
	dyn.u.rti.table_data = table->entries;
	dyn.u.rti.table_len = table->count * 8 / sizeof(unw_word_t);
	int result = UNW_OBJ(dwarf_search_unwind_table)(u->space, ip, &dyn, info, need, u);
	/* libunwind would follow a success without what it asked for */
	return result < 0 || (need && !info->unwind_info) ? -1 : 0;
}

static int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t *info, int need, void *arg)
{
	struct unwinder *u = arg;
	struct unwind_table table;

	memset(info, 0, sizeof *info);
	if (unwind_tables_find(u->tables, ip, &table) && search(u, &table, ip, info, need) == 0)
		return 0;
	if (unwind_tables_make(u->tables, ip, &table) && search(u, &table, ip, info, need) == 0)
		return 0;
	u->bare = true;
	return -UNW_ESTOPUNWIND;
}

static void put_unwind_info(unw_addr_space_t space, unw_proc_info_t *info, void *arg)
{
}

static int no_dynamic_info(unw_addr_space_t space, unw_word_t *list, void *arg)
{
	return -UNW_ENOINFO;
}

static int read_stopped(struct unwinder *u, unw_addr_space_t space, unw_word_t address, unw_word_t *word)
{
	if (unwind_tables_read(u->tables, address, word))
		return 0;
	return _UPT_access_mem(space, address, word, 0, u->thread);
}

static int access_memory(unw_addr_space_t space, unw_word_t address, unw_word_t *word, int write, void *arg)
{
	struct unwinder *u = arg;
	const struct unwind_sample *s = u->sample;

	if (write || ++u->reads > READS_MAX)
		return -UNW_EINVAL;
	if (u->thread)
		return read_stopped(u, space, address, word);
	uint64_t at = address - s->regs[REG_SP];
	if (at < s->length && s->length - at >= sizeof *word) {
		memcpy(word, s->stack + at, sizeof *word);
		if (u->trace.count < MEMO_READS_MAX)
			u->trace.at[u->trace.count] = (uint32_t)at;
		u->trace.count++;
		return 0;
	}
	if (unwind_tables_read(u->tables, address, word))
		return 0;
	u->beyond |= at < STACK_REACH;
	return -UNW_EINVAL;
}

static int access_register(unw_addr_space_t space, unw_regnum_t number, unw_word_t *value, int write,
			   void *arg)
{
	struct unwinder *u = arg;

	if (u->restated && !write && number >= 0 && number < UNWIND_REGS) {
		*value = u->state.regs[number];
		return u->state.known >> number & 1 ? 0 : -UNW_EBADREG;
	}
	if (u->thread && !write)
		return _UPT_access_reg(space, number, value, 0, u->thread);
	if (write || number < 0 || number >= UNWIND_REGS || !(u->sample->known >> number & 1))
		return -UNW_EBADREG;
	*value = u->sample->regs[number];
	u->trace.regs |= UINT32_C(1) << number;
	return 0;
}

static int no_float_register(unw_addr_space_t space, unw_regnum_t number, unw_fpreg_t *value, int write,
			     void *arg)
{
	return -UNW_EBADREG;
}

static int no_resume(unw_addr_space_t space, unw_cursor_t *cursor, void *arg)
{
	return -UNW_EINVAL;
}

static int no_name(unw_addr_space_t space, unw_word_t address, char *name, size_t size, unw_word_t *offset,
		   void *arg)
{
	return -UNW_ENOINFO;
}

static struct unwinder *create(const struct unwind_files *files)
{
	static unw_accessors_t accessors = { find_proc_info, put_unwind_info, no_dynamic_info,
					     access_memory,  access_register, no_float_register,
					     no_resume,      no_name };
	struct unwinder *u = mem_zalloc(sizeof *u);

	u->space = unw_create_addr_space(&accessors, 0);
	unw_set_caching_policy(u->space, UNW_CACHE_GLOBAL);
	u->tables = unwind_tables_create(files);
	u->memo = unwind_memo_create();
	u->outer = unwind_outer_create();
	u->files = *files;
	return u;
}

static void destroy(struct unwinder *u)
{
	if (!u)
		return;
	unw_destroy_addr_space(u->space);
	unwind_tables_destroy(u->tables);
	unwind_memo_destroy(u->memo);
	unwind_outer_destroy(u->outer);
	free(u);
}

static void flush(struct unwinder *u)
{
	unw_flush_cache(u->space, 0, 0);
	unwind_tables_flush(u->tables);
	unwind_memo_flush(u->memo);
	unwind_outer_flush(u->outer);
	memset(u->functions, 0, sizeof u->functions);
	memset(u->codes, 0, sizeof u->codes);
}

static bool is_first(const struct unwind_sample *s, uint64_t stack_pointer)
{
	return s->top && stack_pointer - s->top < TOP_REACH;
}

/* On the way outwards. */
struct walk {
	unw_cursor_t cursor;
	uint64_t ip; /* where the function goes on */
	uint64_t sp;
	bool called; /* it stands behind a call */
};

static bool read_stack(void *context, uint64_t address, uint64_t *value)
{
	unw_word_t word;
	struct unwinder *u = context;

	if (access_memory(u->space, address, &word, 0, u) < 0)
		return false;
	*value = word;
	return true;
}

/* Of a page that was read before, unless nothing was there yet: it may have gone since. */
static size_t copy_code(const struct code *code, uint64_t address, uint8_t *bytes, size_t size)
{
	size_t at = address % CODE_BYTES;
	bool any = false;

	if (code->address != address - at || at >= code->length)
		return 0;
	size = code->length - at < size ? code->length - at : size;
	memcpy(bytes, code->bytes + at, size);
	for (size_t i = 0; i < size; i++)
		any |= bytes[i];
	return any ? size : 0;
}

static ptrdiff_t read_code(void *context, uint64_t address, uint8_t *bytes, size_t size)
{
	struct unwinder *u = context;
	uint64_t page = address - address % CODE_BYTES;
	struct code *code = &u->codes[hash_number(page) & (CODES - 1)];
	ptrdiff_t length = unwind_tables_code(u->tables, address, bytes, size);
	size_t copied;

	if (length >= 0 || !u->files.code)
		return length;
	if ((copied = copy_code(code, address, bytes, size)))
		return (ptrdiff_t)copied;
	length = u->files.code(u->files.context, address, bytes, size);
	if (length > 0) {
		ptrdiff_t all = u->files.code(u->files.context, page, code->bytes, CODE_BYTES);

		code->address = page;
		code->length = all > 0 ? (size_t)all : 0;
	}
	return length;
}

/* Out of a function without tables. */
static enum bare_step step_bare(struct unwinder *u, struct walk *w)
{
	struct bare_ops ops = { read_stack, read_code, u };
	struct unwind_state state = { .known = 0 };
	unw_word_t value;

	for (int i = 0; i < UNWIND_REGS; i++) {
		if (unw_get_reg(&w->cursor, i, &value) < 0)
			continue;
		state.regs[i] = value;
		state.known |= UINT32_C(1) << i;
	}
	state.regs[REG_IP] = w->ip;
	enum bare_step step = unwind_bare_step(&ops, &state, w->called);
	if (step == BARE_NONE)
		return step;
	w->ip = state.regs[REG_IP];
	state.regs[REG_IP]--; /* libunwind takes it for where a thread stands: within its call */
	u->state = state;
	u->restated = true;
	return unw_init_remote(&w->cursor, u->space, u) < 0 ? BARE_NONE : step;
}

/* To the caller: above 0, or 0 if there is none, or below 0. *deduced becomes true where that is only
 * likely. */
static int step(struct unwinder *u, struct walk *w, bool *deduced)
{
	unw_word_t value;
	bool exact = unw_is_signal_frame(&w->cursor) > 0;
	enum bare_step bare;

	u->reads = 0;
	u->bare = false;
	int result = unw_step(&w->cursor);
	if (result < 0 && u->bare && (bare = step_bare(u, w)) != BARE_NONE) {
		*deduced |= bare == BARE_LIKELY;
		w->called = true;
		result = 1;
	} else if (result > 0) {
		if (unw_get_reg(&w->cursor, UNW_REG_IP, &value) < 0)
			return 0;
		w->ip = value;
		/* a signal's return is no call either: it begins where its frame says */
		w->called = !exact && unw_is_signal_frame(&w->cursor) <= 0;
	}
	if (result > 0 && unw_get_reg(&w->cursor, UNW_REG_SP, &value) == 0)
		w->sp = value;
	return result > 0 && !w->ip ? 0 : result;
}

/* Tables may lead astray where a program changes its stack, as Go does: what no call can have led to
 * is none of the stack's. */
static void drop_strays(struct unwinder *u, struct event_stack *stack)
{
	struct bare_ops ops = { read_stack, read_code, u };
	enum bare_call call;

	for (size_t i = stack->count - 1; i && u->called[i]; i--) {
		if ((call = unwind_bare_call(&ops, stack->ips[i] + 1)) == BARE_CALL)
			break;
		if (call == BARE_NO_CODE) /* it may be new, or gone */
			continue;
		size_t dropped = stack->count - i;
		stack->end = STACK_SWITCHED;
		stack->count = i;
		stack->deduced -= stack->deduced < dropped ? stack->deduced : dropped;
	}
}

/* Where the function at hand begins; if that is not known, the instruction. */
static uint64_t function_of(struct unwinder *u, struct walk *w)
{
	struct function *f = &u->functions[hash_number(w->ip) & (FUNCTIONS - 1)];
	unw_proc_info_t info;

	if (f->ip != w->ip || !f->start)
		*f = (struct function){ w->ip,
					unw_get_proc_info(&w->cursor, &info) == 0 ? info.start_ip : w->ip };
	return f->start;
}

/* Fills ips from the second on. */
static struct event_stack walk(struct unwinder *u, uint64_t *ips, size_t max)
{
	struct event_stack stack = { ips, 1, STACK_NO_TABLES, 0 };
	struct walk w = { .ip = ips[0] };
	bool deduced = false;
	unw_word_t sp;
	int result;

	u->reads = 0;
	u->restated = false;
	if (unw_init_remote(&w.cursor, u->space, u) < 0)
		return stack;
	if (unw_get_reg(&w.cursor, UNW_REG_SP, &sp) == 0)
		w.sp = sp;
	for (;;) {
		u->places[stack.count - 1] = (struct outer_place){ u->thread ? 0 : function_of(u, &w), w.sp };
		if ((result = step(u, &w, &deduced)) <= 0)
			break;
		if (stack.count == max) {
			stack.end = STACK_TOO_DEEP;
			return stack;
		}
		stack.deduced += deduced;
		u->called[stack.count] = w.called;
		ips[stack.count++] = w.called ? w.ip - 1 : w.ip;
	}
	if (result == 0 || is_first(u->sample, w.sp))
		stack.end = STACK_WHOLE;
	else if (u->beyond)
		stack.end = STACK_SAMPLE_ENDS;
	else
		drop_strays(u, &stack);
	return stack;
}

static struct event_stack unwind(struct unwinder *u, const struct unwind_sample *sample, uint64_t *ips,
				 size_t max)
{
	struct event_stack stack;

	if (!unwind_memo_find(u->memo, sample, ips, u->places, max, &stack)) {
		u->sample = sample;
		u->trace.count = u->trace.regs = 0;
		ips[0] = sample->regs[REG_IP];
		u->beyond = false;
		stack = walk(u, ips, max);
		unwind_memo_add(u->memo, sample, &u->trace, &stack, u->places);
	}
	if (stack.end == STACK_SAMPLE_ENDS)
		unwind_outer_find(u->outer, sample->tid, u->places[stack.count - 1], ips, max, &stack);
	else if (stack.end == STACK_WHOLE)
		unwind_outer_add(u->outer, sample->tid, &stack, u->places);
	return stack;
}

static struct event_stack unwind_stopped(struct unwinder *u, const struct unwind_sample *sample,
					 uint64_t *ips, size_t max)
{
	struct event_stack stack = { .ips = ips, .end = STACK_NO_TABLES };
	unw_word_t ip;

	u->sample = sample;
	u->thread = _UPT_create(sample->tid);
	u->restated = false;
	if (u->thread && _UPT_access_reg(u->space, UNW_X86_64_RIP, &ip, 0, u->thread) == 0) {
		ips[0] = ip;
		stack = walk(u, ips, max);
	}
	if (u->thread)
		_UPT_destroy(u->thread);
	u->thread = NULL;
	return stack;
}

const struct unwinder_ops unwinder_libunwind = { create, unwind, flush, destroy };
const struct unwinder_ops unwinder_stopped = { create, unwind_stopped, flush, destroy };

#else /* samples are of x86-64 */

static struct unwinder *create_none(const struct unwind_files *files)
{
	return NULL;
}

const struct unwinder_ops unwinder_libunwind = { .create = create_none };
const struct unwinder_ops unwinder_stopped = { .create = create_none };

#endif
