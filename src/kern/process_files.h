/* The files of one process below /proc that a reader holds open. They are bound to the process, so that a
 * reused pid does no harm. Two of them (maps and pagemap) are bound to one address space: after an exec they
 * read as empty and have to be opened again. */
#ifndef KERN_PROCESS_FILES_H
#define KERN_PROCESS_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "event/region.h"
#include "kern/stat.h"

struct process_files {
	int32_t pid;
	bool captured; /* the root is a tree of files, not the kernel's own /proc */
	/* Directories: the root, the process, and the thread whose memory is read, which is not the main
	 * thread if that one has ended. */
	int root, process, thread;
	int maps, pagemap, stat; /* -1 if not there */
	bool pagemap_off;        /* do not open it */
	struct err pagemap_err;  /* why it is not there */
	struct strbuf text;      /* of the file that was read last */
};

/* Opens them all. `root` is "/proc" or a captured tree. 0, or -1 with ERR_NOT_FOUND (no such process),
 * ERR_DENIED (the text says which right or setting would allow it), ERR_GONE (a zombie), ERR_UNSUPPORTED (a
 * kernel thread), ERR_SYSTEM. That pagemap cannot be opened is no failure. */
int process_files_open(struct process_files *, const char *root, int32_t pid, bool pagemap_off, struct err *);
void process_files_close(struct process_files *); /* also after a failure to open */
/* Opens again those that are bound to an address space. 0, or -1 with err. */
int process_files_reopen(struct process_files *, struct err *);

/* Reads the process's stat. 0, or -1 with err; ERR_GONE if it has ended. */
int process_files_stat(struct process_files *, struct process_stat *, struct err *);
/* Reads all of a file ("smaps") of the thread whose memory is read into `text`. 0, or -1 with err. */
int process_files_read(struct process_files *, const char *name, struct err *);
/* Reads all of maps into `text`. 1: an exec had happened, and the files were opened again; 0: no exec; -1
 * with err. */
int process_files_read_maps(struct process_files *, struct err *);

/* Is the region's file at that path, as the process sees it? `files` is a struct process_files: for
 * struct maps_paths. */
bool process_files_is_at(void *files, const struct region_attr *, const char *path);

/* The entry of pagemap of one page. False if there is none. */
bool process_files_entry(const struct process_files *, uint64_t page, uint64_t *entry);
/* Reads bytes of memory as far as its pages are resident; brings none in. Returns how many were read. */
size_t process_files_peek(const struct process_files *, uint64_t address, uint8_t *bytes, size_t size);

/* Does the process hold a descriptor of userfaultfd(2)? False also if its descriptors may not be read, and for
 * a captured tree. The process may have given it to another one and closed its own. */
bool process_files_have_userfaultfd(const struct process_files *);
/* How many descriptors it holds; 0: none, or the kernel (before Linux 6.2) does not report it. */
uint64_t process_files_descriptors(const struct process_files *);

#endif
