/* Two ways lead from a stripped program to its debug information; gdb's manual, "Debugging Information in
 * Separate Files", describes both:
 *
 *     build-id        /usr/lib/debug/.build-id/ab/cdef....debug
 *     .gnu_debuglink  "ls.debug", checksum: /usr/bin/ls.debug, /usr/bin/.debug/ls.debug,
 *                     /usr/lib/debug/usr/bin/ls.debug
 *
 * Only this machine is searched. */
#include "symbol/debug_file.h"

#include <elfutils/libdwelf.h>
#include <libelf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "symbol/elf.h"
#include "symbol/plain_file.h"

#define LINK_NAME_MAX 255
#define CHECKED_MAX ((int64_t)1 << 30) /* checking a larger file is not worth the time */

static int open_in(int root, const char *path)
{
	struct stat st;
	return plain_file_open(root, path, &st, NULL);
}

/* Tries below the other root first, then in our own. */
static int open_by_id_in(int root, const char *path, const struct build_id *id)
{
	int roots[] = { root, -1 };
	for (int i = root < 0 ? 1 : 0; i < 2; i++) {
		int fd = open_in(roots[i], path);
		if (fd >= 0 && elf_has_build_id(fd, id))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

int debug_file_open_by_id(int root, const void *bytes, size_t len)
{
	static const char *const folders[] = { "/usr/lib/debug/.build-id" };
	struct build_id id = { .len = len };
	char path[64 + 2 * sizeof id.bytes + 16];
	if (len < 2 || len > sizeof id.bytes)
		return -1;
	memcpy(id.bytes, bytes, len);
	int at = snprintf(path, sizeof path, "%s/%02x/", folders[0], id.bytes[0]);
	for (size_t i = 1; i < len; i++)
		at += snprintf(path + at, sizeof path - (size_t)at, "%02x", id.bytes[i]);
	snprintf(path + at, sizeof path - (size_t)at, ".debug");
	return open_by_id_in(root, path, &id);
}

/* The checksum of .gnu_debuglink: CRC-32 as of IEEE 802.3, over the whole file. */
static bool has_checksum(int fd, uint32_t wanted)
{
	uint32_t table[256], crc = UINT32_MAX;
	uint8_t bytes[16384];
	ssize_t n;
	int64_t at = 0;
	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? UINT32_C(0xedb88320) : 0);
	}
	while (at <= CHECKED_MAX && (n = pread(fd, bytes, sizeof bytes, at)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 255];
		at += n;
	}
	return at <= CHECKED_MAX && ~crc == wanted;
}

static int open_linked(int root, const char *path, const struct build_id *id, uint32_t checksum)
{
	int roots[] = { root, -1 };
	for (int i = root < 0 ? 1 : 0; i < 2; i++) {
		int fd = open_in(roots[i], path);
		if (fd >= 0 && (id->len ? elf_has_build_id(fd, id) : has_checksum(fd, checksum)))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

static int open_by_link(int root, const char *path, const char *name, uint32_t checksum,
			const struct build_id *id)
{
	static const char *const patterns[] = { "%.*s/%s", "%.*s/.debug/%s", "/usr/lib/debug%.*s/%s" };
	const char *base = strrchr(path, '/');
	char at[4096];
	int fd = -1;
	if (path[0] != '/' || strchr(name, '/') || !*name || strlen(name) > LINK_NAME_MAX)
		return -1;
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns && fd < 0; i++) {
		int len = snprintf(at, sizeof at, patterns[i], (int)(base - path), path, name);
		if (len > 0 && (size_t)len < sizeof at && strcmp(at, path) != 0)
			fd = open_linked(root, at, id, checksum);
	}
	return fd;
}

int debug_file_open(int fd, int root, const char *path)
{
	struct build_id id = elf_read_build_id(fd);
	GElf_Word checksum;
	int found = debug_file_open_by_id(root, id.bytes, id.len);
	if (found >= 0)
		return found;
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	const char *name = elf ? dwelf_elf_gnu_debuglink(elf, &checksum) : NULL;
	if (name)
		found = open_by_link(root, path, name, checksum, &id);
	elf_end(elf);
	return found;
}
