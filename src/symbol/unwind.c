/* Unwinds with libunwind, which gets memory and registers from our own functions:
 *
 *     a register            the sample's
 *     memory in the stack   the sample's bytes; what lies beyond them ends the stack
 *     other memory          the files that are mapped there (symbol/unwind_tables.h)
 *     tables for an address .eh_frame_hdr of the file
 *
 * For a stopped thread libunwind-ptrace reads registers and memory instead. Tables still come from the same
 * place: libunwind-ptrace would open files by the paths in maps, which may lead to other files by now, or
 * nowhere.
 *
 * Most functions are unwound without it, by rows that are cached for all processes with the same files
 * (symbol/unwind_row.h). Where libunwind takes over, it starts as if the registers found so far had been
 * sampled.
 *
 * The first function has no caller. Its tables say so, or it has no tables, as in ld.so: then it is
 * recognised by its stack pointer, which is where the kernel put it, just below the arguments.
 *
 * If a file has no tables, libunwind would assume that frame pointers are kept: the error that we return
 * prevents this, and symbol/unwind_bare.h examines the code instead. From there libunwind starts again, as if
 * those registers had been sampled.
 *
 * What lies beyond the end of a sample may have been seen before: symbol/unwind_outer.h.
 *
 * Tables may be hostile. What one stack frame may read is bounded, because an expression can loop forever.
 *
 * See libunwind(3), unw_create_addr_space(3). */
#include "symbol/unwind.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "symbol/unwind_bare.h"
#include "symbol/unwind_code.h"
#include "symbol/unwind_memo.h"
#include "symbol/unwind_outer.h"
#include "symbol/unwind_tables.h"

#if defined __x86_64__ || defined __aarch64__
#include <libunwind-ptrace.h>
#include <libunwind.h>

#define STACK_REACH (UINT64_C(64) << 20) /* addresses this close above the sample are stack too */
#define READS_MAX 65536                  /* words read for one stack frame */
#define TOP_REACH 256                    /* the first function may have taken its arguments from the stack */
#define BELOW_TOP 128                    /* or have rounded its stack pointer down, unknown to its tables */

#ifdef __aarch64__
#define bare_step unwind_bare_arm64_step
#define bare_call unwind_bare_arm64_call
#else
#define bare_step unwind_bare_step
#define bare_call unwind_bare_call
#endif

/* Exported for this use, but declared in no installed header. */
int UNW_OBJ(dwarf_search_unwind_table)(unw_addr_space_t, unw_word_t, unw_dyn_info_t *, unw_proc_info_t *, int,
				       void *);

/* One unwinding, while it goes on. */
struct unwinding {
	const struct unwind_sample *sample;
	void *thread; /* the stopped thread, for libunwind-ptrace; NULL: unwinding the sample */
	bool restated;
	struct unwind_state state; /* if `restated`: of the function from which libunwind started again */
	bool bare;                 /* the current function has no table */
	unsigned reads;            /* memory reads for the current stack frame */
	bool beyond;               /* a word beyond the sample was needed */
	struct unwind_trace trace; /* what was read of the sample */
};

struct unwinder {
	unw_addr_space_t space;
	struct unwind_tables *tables;
	struct unwind_memo *memo;
	struct unwind_outer *outer;
	struct unwind_code code;
	struct unwinding now;
	/* of each stack frame */
	struct unwind_frame frames[STACK_MAX];
	bool called[STACK_MAX]; /* it had called another function, and was not interrupted */
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
	/* if that succeeded without what libunwind asked for, it would crash */
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
	u->now.bare = true;
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
	return _UPT_access_mem(space, address, word, 0, u->now.thread);
}

static int access_memory(unw_addr_space_t space, unw_word_t address, unw_word_t *word, int write, void *arg)
{
	struct unwinder *u = arg;
	const struct unwind_sample *s = u->now.sample;

	if (write || ++u->now.reads > READS_MAX)
		return -UNW_EINVAL;
	if (u->now.thread)
		return read_stopped(u, space, address, word);
	uint64_t at = address - s->regs[UNWIND_REG_SP];
	if (at < s->length && s->length - at >= sizeof *word) {
		memcpy(word, s->stack + at, sizeof *word);
		if (u->now.trace.count < UNWIND_MEMO_READS_MAX)
			u->now.trace.at[u->now.trace.count] = (uint32_t)at;
		u->now.trace.count++;
		return 0;
	}
	if (unwind_tables_read(u->tables, address, word))
		return 0;
	u->now.beyond |= at < STACK_REACH;
	return -UNW_EINVAL;
}

static int access_register(unw_addr_space_t space, unw_regnum_t number, unw_word_t *value, int write,
			   void *arg)
{
	struct unwinder *u = arg;

	if (u->now.restated && !write && number >= 0 && number < UNWIND_REGS) {
		*value = u->now.state.regs[number];
		return u->now.state.known >> number & 1 ? 0 : -UNW_EBADREG;
	}
	if (u->now.thread && !write)
		return _UPT_access_reg(space, number, value, 0, u->now.thread);
	if (write || number < 0 || number >= UNWIND_REGS || !(u->now.sample->known >> number & 1))
		return -UNW_EBADREG;
	*value = u->now.sample->regs[number];
	u->now.trace.regs |= UINT64_C(1) << number;
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
	u->code = (struct unwind_code){ .tables = u->tables, .files = *files };
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
	unwind_code_flush(&u->code);
}

static bool is_first(const struct unwind_sample *s, uint64_t stack_pointer)
{
	return s->top && stack_pointer - s->top < TOP_REACH;
}

/* The current stack frame, on the way outwards. Its registers are the cursor's, except those that were saved
 * since. */
struct stack_frame {
	unw_cursor_t cursor;
	bool ahead;  /* it is ahead of the cursor, which is at a function further in */
	uint64_t ip; /* where its function continues */
	uint64_t sp;
	uint64_t saved[UNWIND_ROW_SAVED]; /* where each register was saved; 0: it was not */
	bool called;                      /* it was reached by returning from a call */
	bool signal;                      /* the last step left a signal frame */
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

static ptrdiff_t read_code(void *context, uint64_t address, uint8_t *bytes, size_t size)
{
	return unwind_code_read(&((struct unwinder *)context)->code, address, bytes, size);
}

static bool read_register(struct unwinder *u, struct stack_frame *f, unsigned number, uint64_t *value)
{
	int slot = unwind_row_slot(number);
	unw_word_t word;

	if (number == UNWIND_REG_SP) {
		*value = f->sp;
		return true;
	}
	if (slot >= 0 && f->saved[slot])
		return read_stack(u, f->saved[slot], value);
	if (unw_get_reg(&f->cursor, (unw_regnum_t)number, &word) < 0)
		return false;
	*value = word;
	return true;
}

/* Makes libunwind continue from the state, as if it had been sampled. */
static bool restate(struct unwinder *u, struct stack_frame *f, const struct unwind_state *state)
{
	u->now.state = *state;
	u->now.state.regs[UNWIND_REG_IP]--; /* it is treated as a thread's instruction: within the call */
	u->now.restated = true;
	f->ahead = false;
	memset(f->saved, 0, sizeof f->saved);
	return unw_init_remote(&f->cursor, u->space, u) >= 0;
}

/* Moves the cursor to the stack frame. */
static bool catch_up(struct unwinder *u, struct stack_frame *f)
{
	struct unwind_state state = { .known = UINT64_C(1) << UNWIND_REG_IP };

	if (!f->ahead)
		return true;
	state.regs[UNWIND_REG_IP] = f->ip;
	for (unsigned i = 0; i < UNWIND_REG_IP; i++)
		if (read_register(u, f, i, &state.regs[i]))
			state.known |= UINT64_C(1) << i;
	return restate(u, f, &state);
}

/* Steps by the row of the function's table, setting *result as unw_step would return. False: libunwind has to
 * do it. */
static bool step_by_row(struct unwinder *u, struct stack_frame *f, const struct unwind_row *row, int *result)
{
	uint64_t cfa, ip;

	*result = 0;
	if (row->kind == UNWIND_ROW_LAST)
		return true;
	if (row->kind != UNWIND_ROW_CALLER || !read_register(u, f, row->cfa_reg, &cfa))
		return false;
	cfa += (uint64_t)(int64_t)row->cfa_offset;
	if (!read_stack(u, cfa - sizeof ip, &ip) || (ip == f->ip && cfa == f->sp))
		return false;
	for (size_t i = 0; i < UNWIND_ROW_SAVED; i++)
		if (row->saved[i])
			f->saved[i] = cfa - row->saved[i] * sizeof ip;
	f->ahead = f->called = true;
	f->signal = false;
	f->ip = ip;
	f->sp = cfa;
	*result = 1;
	return true;
}

/* Steps out of a function without tables. */
static enum unwind_bare_way step_bare(struct unwinder *u, struct stack_frame *f)
{
	struct unwind_bare_ops ops = { read_stack, read_code, u };
	struct unwind_state state = { .known = 0 };
	unw_word_t value;

	for (int i = 0; i < UNWIND_REGS; i++) {
		if (unw_get_reg(&f->cursor, i, &value) < 0)
			continue;
		state.regs[i] = value;
		state.known |= UINT64_C(1) << i;
	}
	state.regs[UNWIND_REG_IP] = f->ip;
	enum unwind_bare_way step = bare_step(&ops, &state, f->called);
	if (step == UNWIND_BARE_NONE)
		return step;
	f->ip = state.regs[UNWIND_REG_IP];
	return restate(u, f, &state) ? step : UNWIND_BARE_NONE;
}

/* unw_step, which also sets where the caller continues (0: nowhere), and whether the frame that was left was
 * a signal's. */
#ifdef __aarch64__
/* libunwind 1.6 returns 0 for a step that failed, too: if there is no caller the link register is undefined
 * or 0. And the instruction pointer is the link register, except after a signal. */
static int step_by_table(unw_cursor_t *cursor, bool *signal, unw_word_t *ip)
{
	int result, read;
	unw_word_t link = 0;

	*signal = unw_is_signal_frame(cursor) > 0;
	result = unw_step(cursor);

	*ip = 0;
	if (result == 0) {
		read = unw_get_reg(cursor, UNW_AARCH64_X30, &link);
		return read == -UNW_EBADREG || (read == 0 && !link) ? 0 : -UNW_EUNSPEC;
	}
	if (result > 0 && unw_get_reg(cursor, *signal ? UNW_AARCH64_PC : UNW_AARCH64_X30, ip) < 0)
		*ip = 0;
	return result;
}
#else
/* On x86-64 unw_is_signal_frame refers to what libunwind looked up last: after a step that is the frame that
 * was left. */
static int step_by_table(unw_cursor_t *cursor, bool *signal, unw_word_t *ip)
{
	int result = unw_step(cursor);

	*signal = unw_is_signal_frame(cursor) > 0;
	if (result <= 0 || unw_get_reg(cursor, UNW_REG_IP, ip) < 0)
		*ip = 0;
	return result;
}
#endif

/* Steps to the caller: returns above 0, or 0 if there is none, or below 0 on an error. Sets *deduced if the
 * result is only likely. */
static int step(struct unwinder *u, struct stack_frame *f, const struct unwind_row *row, bool *deduced)
{
	unw_word_t value;
	enum unwind_bare_way bare;
	int result;

	u->now.reads = 0;
	if (step_by_row(u, f, row, &result))
		return result > 0 && !f->ip ? 0 : result;
	if (!catch_up(u, f))
		return -UNW_EUNSPEC;
	u->now.bare = row->kind == UNWIND_ROW_NONE;
	result = u->now.bare ? -UNW_ESTOPUNWIND : step_by_table(&f->cursor, &f->signal, &value);
	if (result < 0 && u->now.bare && row->kind != UNWIND_ROW_NONE)
		unwind_tables_keep_none(u->tables, f->called ? f->ip - 1 : f->ip);
	if (result < 0 && u->now.bare && (bare = step_bare(u, f)) != UNWIND_BARE_NONE) {
		*deduced |= bare == UNWIND_BARE_LIKELY;
		f->called = true;
		f->signal = false;
		result = 1;
	} else if (result > 0) {
		f->ip = value;
		/* a signal frame was not called either: the thread continues where the frame says */
		f->called = !f->signal && unw_is_signal_frame(&f->cursor) <= 0;
	}
	if (result > 0 && unw_get_reg(&f->cursor, UNW_REG_SP, &value) == 0)
		f->sp = value;
	return result > 0 && !f->ip ? 0 : result;
}

/* Tables may mislead if a program changes its stack, as Go does: drops addresses that cannot be return
 * addresses of a call. */
static void drop_strays(struct unwinder *u, struct event_stack *stack)
{
	struct unwind_bare_ops ops = { read_stack, read_code, u };
	enum unwind_bare_before call;

	for (size_t i = stack->count - 1; i && u->called[i]; i--) {
		if ((call = bare_call(&ops, stack->ips[i] + 1)) == UNWIND_BARE_CALL)
			break;
		if (call == UNWIND_BARE_NO_CODE) /* the code may be new, or gone */
			continue;
		size_t dropped = stack->count - i;
		stack->end = STACK_SWITCHED;
		stack->count = i;
		stack->deduced -= min(stack->deduced, dropped);
	}
}

/* Tables do not show that the first function of a Go program rounds its stack pointer down: what they give as
 * its caller is an arbitrary word. So if the stack ends that close to its top, at an address without code,
 * that word is not a caller. */
static bool ends_at_top(struct unwinder *u, const struct stack_frame *f, struct event_stack *stack)
{
	struct unwind_bare_ops ops = { read_stack, read_code, u };
	const struct unwind_sample *s = u->now.sample;

	if (!s->top || f->sp > s->top || s->top - f->sp > BELOW_TOP || stack->count < 2 || !f->called ||
	    bare_call(&ops, f->ip) != UNWIND_BARE_NO_CODE)
		return false;
	stack->count--;
	stack->deduced -= min(stack->deduced, 1);
	return true;
}

/* What is known about the current code. */
static struct unwind_site site_of(struct unwinder *u, const struct stack_frame *f)
{
	struct unwind_site site;

	if (!unwind_tables_site(u->tables, f->called ? f->ip - 1 : f->ip, &site))
		site = (struct unwind_site){ f->ip, { .kind = UNWIND_ROW_OTHER } };
	return site;
}

/* Where the current function begins; if that is not known, the instruction. */
static uint64_t function_of(struct unwinder *u, struct stack_frame *f, const struct unwind_site *site)
{
	unw_proc_info_t info;
	uint64_t start = site->start;

	if (start)
		return start;
	start = f->ip;
	/* libunwind reports functions that it does not know as one byte long */
	if (catch_up(u, f) && unw_get_proc_info(&f->cursor, &info) == 0 && info.end_ip - info.start_ip > 1)
		start = info.start_ip;
	unwind_tables_keep_start(u->tables, f->called ? f->ip - 1 : f->ip, start);
	return start;
}

/* Is the frame on another stack than the sampled one, as what a signal interrupted that has a stack of its own? */
static bool is_elsewhere(const struct unwinder *u, const struct stack_frame *f)
{
	return !u->now.thread && f->sp - u->now.sample->regs[UNWIND_REG_SP] >= STACK_REACH;
}

/* Fills ips from the second on. */
static struct event_stack go_outwards(struct unwinder *u, uint64_t *ips, size_t max)
{
	struct event_stack stack = { ips, 1, STACK_NO_TABLES, 0 };
	struct stack_frame f = { .ip = ips[0] };
	bool deduced = false;
	unw_word_t sp;
	int result;

	u->now.reads = 0;
	u->now.restated = false;
	if (unw_init_remote(&f.cursor, u->space, u) < 0)
		return stack;
	if (unw_get_reg(&f.cursor, UNW_REG_SP, &sp) == 0)
		f.sp = sp;
	for (;;) {
		struct unwind_site site = site_of(u, &f);
		u->frames[stack.count - 1] =
		    (struct unwind_frame){ u->now.thread ? 0 : function_of(u, &f, &site), f.sp };
		if ((result = step(u, &f, &site.row, &deduced)) <= 0)
			break;
		if (stack.count == max) {
			stack.end = STACK_TOO_DEEP;
			return stack;
		}
		if (f.signal) { /* the signal frame was not called either */
			ips[stack.count - 1] += stack.count > 1 && u->called[stack.count - 1];
			u->called[stack.count - 1] = false;
		}
		stack.deduced += deduced;
		u->called[stack.count] = f.called;
		ips[stack.count++] = f.called ? f.ip - 1 : f.ip;
	}
	if (result == 0 || is_first(u->now.sample, f.sp) || ends_at_top(u, &f, &stack))
		stack.end = STACK_WHOLE;
	else if (u->now.beyond)
		stack.end = STACK_SAMPLE_ENDS;
	else
		drop_strays(u, &stack);
	if (stack.end == STACK_NO_TABLES && is_elsewhere(u, &f))
		stack.end = STACK_SWITCHED;
	return stack;
}

static struct event_stack unwind(struct unwinder *u, const struct unwind_sample *sample, uint64_t *ips,
				 size_t max)
{
	struct event_stack stack;

	if (!unwind_memo_find(u->memo, sample, ips, u->frames, max, &stack)) {
		u->now.sample = sample;
		u->now.trace.count = u->now.trace.regs = 0;
		ips[0] = sample->regs[UNWIND_REG_IP];
		u->now.beyond = false;
		stack = go_outwards(u, ips, max);
		unwind_memo_add(u->memo, sample, &u->now.trace, &stack, u->frames);
	}
	if (stack.end == STACK_SAMPLE_ENDS)
		unwind_outer_find(u->outer, sample->tid, u->frames[stack.count - 1], ips, max, &stack);
	else if (stack.end == STACK_WHOLE)
		unwind_outer_add(u->outer, sample->tid, &stack, u->frames);
	return stack;
}

static struct event_stack unwind_stopped(struct unwinder *u, const struct unwind_sample *sample,
					 uint64_t *ips, size_t max)
{
	struct event_stack stack = { .ips = ips, .end = STACK_NO_TABLES };
	unw_word_t ip;

	u->now.sample = sample;
	u->now.thread = _UPT_create(sample->tid);
	u->now.restated = false;
	if (u->now.thread && _UPT_access_reg(u->space, UNWIND_REG_IP, &ip, 0, u->now.thread) == 0) {
		ips[0] = ip;
		stack = go_outwards(u, ips, max);
	}
	if (u->now.thread)
		_UPT_destroy(u->now.thread);
	u->now.thread = NULL;
	return stack;
}

const struct unwinder_ops unwinder_libunwind = { create, unwind, flush, destroy };
const struct unwinder_ops unwinder_stopped = { create, unwind_stopped, flush, destroy };

#else /* registers of other processors are not sampled */

static struct unwinder *create_none(const struct unwind_files *files)
{
	return NULL;
}

const struct unwinder_ops unwinder_libunwind = { .create = create_none };
const struct unwinder_ops unwinder_stopped = { .create = create_none };

#endif
