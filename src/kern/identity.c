/* Who a process is: its arguments, name, program, width.
 *
 *   /proc/PID/cmdline   ./demo\0 64\0          as the process left it: may be anything
 *   /proc/PID/comm      demo\n
 *   /proc/PID/exe       a link to the program; the fifth byte of an ELF file is its class
 *   /proc/PID/status    Uid:\t1000\t1000\t1000\t1000     real, effective, saved, file system
 *   /proc/cpuinfo       address sizes\t: 48 bits physical, 48 bits virtual */
#include "kern/identity.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "kern/file.h"

int identity_parse_address_bits(const char *cpuinfo)
{
	const char *line = strstr(cpuinfo, "address sizes");
	int bits;

	if (line && sscanf(line, "address sizes : %*d bits physical, %d bits virtual", &bits) == 1)
		return bits;
	return 0;
}

int64_t identity_parse_uid(const char *status)
{
	const char *line = strstr(status, "\nUid:");
	unsigned effective;

	if (line && sscanf(line, "\nUid: %*u %u", &effective) == 1)
		return effective;
	return -1;
}

static void add_argument(struct identity *id, size_t *count, const char *text)
{
	mem_grow(id->argv, id->argv_cap, *count + 1);
	id->argv[(*count)++] = text;
}

void identity_parse_cmdline(struct identity *id)
{
	const char *text = id->cmdline.text;
	size_t len = id->cmdline.len, count = 0;

	while (len > 0 && text[len - 1] == '\0') /* a title in place of arguments leaves zeros behind */
		len--;
	for (size_t at = 0; at < len; at += strlen(text + at) + 1)
		add_argument(id, &count, text + at);
	if (count == 0)
		add_argument(id, &count, id->comm.text);
	add_argument(id, &count, NULL);
}

static int read_bits(int process)
{
	unsigned char ident[EI_NIDENT];
	int fd = openat(process, "exe", O_RDONLY | O_CLOEXEC), bits = 0;

	if (fd < 0)
		return 0;
	if (pread(fd, ident, sizeof ident, 0) == sizeof ident && memcmp(ident, ELFMAG, SELFMAG) == 0)
		bits = ident[EI_CLASS] == ELFCLASS32 ? 32 : ident[EI_CLASS] == ELFCLASS64 ? 64 : 0;
	close(fd);
	return bits;
}

static int read_address_bits(int root)
{
	struct strbuf text = { 0 };
	int bits = 0;

	if (file_read_at(root, "cpuinfo", &text) == 0)
		bits = identity_parse_address_bits(text.text);
	strbuf_fini(&text);
	return bits;
}

static uint32_t read_uid(int process)
{
	struct strbuf text = { 0 };
	int64_t uid = -1;

	if (file_read_at(process, "status", &text) == 0)
		uid = identity_parse_uid(text.text);
	strbuf_fini(&text);
	return (uint32_t)uid;
}

static void read_or_clear(int failed, struct strbuf *sb)
{
	if (failed) {
		strbuf_clear(sb);
		strbuf_puts(sb, "");
	}
}

void identity_read_names(struct identity *id, int process, struct event_process *p)
{
	read_or_clear(file_read_at(process, "cmdline", &id->cmdline), &id->cmdline);
	read_or_clear(file_read_at(process, "comm", &id->comm), &id->comm);
	if (id->comm.len > 0 && id->comm.text[id->comm.len - 1] == '\n')
		id->comm.text[--id->comm.len] = '\0';
	identity_parse_cmdline(id);
	p->argv = id->argv;
	p->comm = id->comm.text;
	p->uid = read_uid(process);
}

void identity_read(struct identity *id, int root, int process, struct event_process *p)
{
	identity_read_names(id, process, p);
	read_or_clear(file_read_link(process, "exe", &id->exe), &id->exe);
	p->exe = id->exe.text;
	p->bits = read_bits(process);
	p->address_bits = p->bits == 32 ? 32 : read_address_bits(root);
}

void identity_fini(struct identity *id)
{
	strbuf_fini(&id->cmdline);
	strbuf_fini(&id->comm);
	strbuf_fini(&id->exe);
	free(id->argv);
}
