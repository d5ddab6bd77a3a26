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
 * we return prevents it. Without tables the stack ends.
 *
 * Tables may be hostile. What one frame may read is bounded, for an expression can jump back for ever.
 *
 * See libunwind(3), unw_create_addr_space(3). */
#include "symbol/unwind.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "symbol/unwind_memo.h"
#include "symbol/unwind_tables.h"

#ifdef __x86_64__
#include <libunwind-ptrace.h>
#include <libunwind.h>

#define REG_SP 7
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
	const struct unwind_sample *sample; /* being unwound */
	struct unwind_trace trace;
	unsigned reads; /* of memory, for the frame at hand */
	bool beyond;    /* a word above the sample was wanted */
	void *thread;   /* the stopped thread being unwound, as libunwind-ptrace has it; NULL: none */
};

static int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t *info, int need, void *arg)
{
	struct unwinder *u = arg;
	struct unwind_table table;
	unw_dyn_info_t dyn = { .format = UNW_INFO_FORMAT_REMOTE_TABLE };

	memset(info, 0, sizeof *info);
	if (!unwind_tables_find(u->tables, ip, &table))
		return -UNW_ESTOPUNWIND;
	dyn.start_ip = table.start;
	dyn.end_ip = table.end;
	dyn.u.rti.segbase = table.base;
	dyn.u.rti.table_data = table.entries;
	dyn.u.rti.table_len = table.count * 8 / sizeof(unw_word_t);
	int result = UNW_OBJ(dwarf_search_unwind_table)(space, ip, &dyn, info, need, arg);
	/* libunwind would follow a success without what it asked for */
	return result < 0 || (need && !info->unwind_info) ? -UNW_ESTOPUNWIND : 0;
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
	return u;
}

static void destroy(struct unwinder *u)
{
	if (!u)
		return;
	unw_destroy_addr_space(u->space);
	unwind_tables_destroy(u->tables);
	unwind_memo_destroy(u->memo);
	free(u);
}

static void flush(struct unwinder *u)
{
	unw_flush_cache(u->space, 0, 0);
	unwind_tables_flush(u->tables);
	unwind_memo_flush(u->memo);
}

static bool is_first(const struct unwind_sample *s, uint64_t stack_pointer)
{
	return s->top && stack_pointer - s->top < TOP_REACH;
}

/* Fills ips from the second on. */
static size_t walk(struct unwinder *u, uint64_t *ips, size_t max, enum stack_end *end)
{
	unw_cursor_t cursor;
	size_t count = 1;
	bool exact; /* the next frame was interrupted: it has made no call */
	unw_word_t ip, sp = 0;
	int result;

	*end = STACK_NO_TABLES;
	u->reads = 0;
	if (unw_init_remote(&cursor, u->space, u) < 0)
		return count;
	unw_get_reg(&cursor, UNW_REG_SP, &sp);
	for (;;) {
		exact = unw_is_signal_frame(&cursor) > 0;
		u->reads = 0;
		result = unw_step(&cursor);
		if (result <= 0 || unw_get_reg(&cursor, UNW_REG_IP, &ip) < 0 || !ip)
			break;
		if (count == max) {
			*end = STACK_TOO_DEEP;
			return count;
		}
		/* a signal's return is no call either: it begins where its frame says */
		unw_get_reg(&cursor, UNW_REG_SP, &sp);
		ips[count++] = exact || unw_is_signal_frame(&cursor) > 0 ? ip : ip - 1;
	}
	if (result >= 0 || is_first(u->sample, sp))
		*end = STACK_WHOLE;
	else if (u->beyond)
		*end = STACK_SAMPLE_ENDS;
	return count;
}

static size_t unwind(struct unwinder *u, const struct unwind_sample *sample, uint64_t *ips, size_t max,
		     enum stack_end *end)
{
	size_t count = unwind_memo_find(u->memo, sample, ips, max, end);

	if (count)
		return count;
	u->sample = sample;
	u->trace.count = u->trace.regs = 0;
	ips[0] = sample->regs[UNW_X86_64_RIP];
	u->beyond = false;
	count = walk(u, ips, max, end);
	unwind_memo_add(u->memo, sample, &u->trace, ips, count, *end);
	return count;
}

static size_t unwind_stopped(struct unwinder *u, const struct unwind_sample *sample, uint64_t *ips,
			     size_t max, enum stack_end *end)
{
	size_t count = 0;
	unw_word_t ip;

	*end = STACK_NO_TABLES;
	u->sample = sample;
	u->thread = _UPT_create(sample->tid);
	u->beyond = false;
	if (u->thread && _UPT_access_reg(u->space, UNW_X86_64_RIP, &ip, 0, u->thread) == 0) {
		ips[0] = ip;
		count = walk(u, ips, max, end);
	}
	if (u->thread)
		_UPT_destroy(u->thread);
	u->thread = NULL;
	return count;
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
