/* The fixed parts of the session file: its head, the head of each block, its foot.
 * pagescape-session(5) has them to the byte. */
#ifndef STORE_BLOCK_H
#define STORE_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SESSION_VERSION 1
#define SESSION_HEAD 32 /* bytes before the head's texts */
#define SESSION_TEXTS_MAX 4096
#define SESSION_FOOT 20
#define BLOCK_HEAD 48
#define BLOCK_RAW_MAX (16u << 20) /* bytes of a block unpacked: bounds what a reader needs */
#define BLOCK_STORED_MAX (17u << 20)

enum block_type {
	BLOCK_EVENTS = 1,
	BLOCK_KEY = 2,   /* the whole picture, as events */
	BLOCK_INDEX = 3, /* where the keyframes are; the last block, except for notes */
	BLOCK_NOTES = 4, /* marks that were made in a replay, as events */
	BLOCK_FILL = 5,  /* padding: see store/bounds.h */
};

enum block_flag {
	BLOCK_FIRST = 1, /* the first of a keyframe's blocks */
	BLOCK_LAST = 2,
};

struct block {
	uint32_t type, flags;
	uint32_t stored, raw; /* bytes of the payload, packed and unpacked */
	uint32_t events;
	uint64_t first_ns, last_ns; /* times of its first and last event */
	uint32_t crc;               /* of the packed payload */
};

/* The head of a block, as bytes. */
void block_put(uint8_t out[static BLOCK_HEAD], const struct block *);
/* Parses the head of a block. False if it is none, or beyond the limits. */
bool block_get(const uint8_t in[static BLOCK_HEAD], struct block *);

struct session_head {
	unsigned version;
	bool big_endian; /* the recording machine; the file itself never is */
	unsigned page_shift;
	uint32_t texts;   /* bytes of the texts that follow */
	uint64_t wall_ns; /* time 0 on the wall clock: ns since 1970, UTC */
	uint32_t crc;     /* of the texts */
};

/* The head of the file, as bytes. */
void head_put(uint8_t out[static SESSION_HEAD], const struct session_head *);
enum session_head_result { SESSION_HEAD_OK, SESSION_HEAD_FOREIGN, SESSION_HEAD_DAMAGED };
/* Parses the head of the file. */
enum session_head_result head_get(const uint8_t in[static SESSION_HEAD], struct session_head *);

/* The foot of the file, as bytes. */
void foot_put(uint8_t out[static SESSION_FOOT], uint64_t index_offset);
bool foot_get(const uint8_t in[static SESSION_FOOT], uint64_t *index_offset);

#endif
