/* Who a process is: its arguments, name, program, width.
 *
 *   /proc/PID/cmdline   ./demo\0 64\0          the process can change it: may be anything
 *   /proc/PID/comm      demo\n
 *   /proc/PID/exe       a link to the program; the fifth byte of an ELF file is its class
 *   /proc/PID/status    its user (kern/stat.h) */
#include "kern/identity.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "kern/procfile.h"
#include "kern/stat.h"

static void add_argument(struct identity *id, size_t *count, const char *text)
{
	mem_grow(id->argv, id->argv_cap, *count + 1);
	id->argv[(*count)++] = text;
}

void identity_parse_cmdline(struct identity *id)
{
	const char *text = id->cmdline.text;
	size_t len = id->cmdline.len, count = 0;

	while (len > 0 &&
	       text[len - 1] ==
		   '\0') /* a process that sets a title in place of its arguments leaves zeroes at the end */
		len--;
	for (size_t at = 0; at < len; at += strlen(text + at) + 1)
		add_argument(id, &count, text + at);
	if (count == 0)
		add_argument(id, &count, id->comm.text);
	add_argument(id, &count, NULL);
}

/* Reads a file; empty if it is not there, or we may not read it. -1 if the system failed. */
static int read_text(int process, const char *name, struct strbuf *text, struct err *err)
{
	struct err failure = { 0 };

	if (procfile_read(process, name, text, &failure) == 0)
		return 0;
	strbuf_clear(text);
	strbuf_puts(text, "");
	if (failure.code != ERR_SYSTEM)
		return 0;
	if (err)
		*err = failure;
	return -1;
}

static int read_bits(int process, struct err *err)
{
	unsigned char ident[EI_NIDENT];
	struct err failure = { 0 };
	int fd = procfile_open(process, "exe", &failure), bits = 0;

	if (fd < 0 && failure.code == ERR_SYSTEM && err)
		*err = failure;
	if (fd < 0)
		return failure.code == ERR_SYSTEM ? -1 : 0;
	if (pread(fd, ident, sizeof ident, 0) == sizeof ident && memcmp(ident, ELFMAG, SELFMAG) == 0)
		bits = ident[EI_CLASS] == ELFCLASS32 ? 32 : ident[EI_CLASS] == ELFCLASS64 ? 64 : 0;
	close(fd);
	return bits;
}

static int read_uid(int process, uint32_t *uid, struct err *err)
{
	struct strbuf text = { 0 };
	struct status_lines status = { .uid = -1 };
	int result = read_text(process, "status", &text, err);

	if (result == 0)
		status_parse(text.text, &status);
	*uid = (uint32_t)status.uid;
	strbuf_fini(&text);
	return result;
}

int identity_read_names(struct identity *id, int process, struct event_process *p, struct err *err)
{
	int result = read_text(process, "cmdline", &id->cmdline, err);

	if (read_text(process, "comm", &id->comm, err) < 0)
		result = -1;
	if (id->comm.len > 0 && id->comm.text[id->comm.len - 1] == '\n')
		id->comm.text[--id->comm.len] = '\0';
	identity_parse_cmdline(id);
	p->argv = id->argv;
	p->comm = id->comm.text;
	return read_uid(process, &p->uid, err) < 0 ? -1 : result;
}

int identity_read(struct identity *id, int process, struct event_process *p, struct err *err)
{
	int result = identity_read_names(id, process, p, err);

	if (procfile_read_link(process, "exe", &id->exe, NULL) < 0) {
		strbuf_clear(&id->exe);
		strbuf_puts(&id->exe, "");
	}
	p->exe = id->exe.text;
	p->bits = read_bits(process, err);
	if (p->bits < 0)
		p->bits = 0, result = -1;
	if (p->bits == 32)
		p->address_bits = 32;
	return result;
}

void identity_fini(struct identity *id)
{
	strbuf_fini(&id->cmdline);
	strbuf_fini(&id->comm);
	strbuf_fini(&id->exe);
	free(id->argv);
}
