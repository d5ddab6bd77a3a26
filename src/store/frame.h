/* The fixed parts of the session file: its head, the head of each frame, its foot.
 * pagescape-session(5) has them to the byte. */
#ifndef STORE_FRAME_H
#define STORE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SESSION_VERSION 1
#define SESSION_HEAD 32 /* bytes before the head's texts */
#define SESSION_TEXTS_MAX 4096
#define SESSION_FOOT 20
#define FRAME_HEAD 48
#define FRAME_RAW_MAX (16u << 20) /* bytes of a frame unpacked: bounds what a reader needs */
#define FRAME_STORED_MAX (17u << 20)

enum frame_type {
	FRAME_EVENTS = 1,
	FRAME_KEY = 2,   /* the whole picture, as events */
	FRAME_INDEX = 3, /* where the keyframes are; the last frame, except for notes */
	FRAME_NOTES = 4, /* marks that were made in a replay, as events */
	FRAME_FILL = 5,  /* padding: see store/bounds.h */
};

enum frame_flag {
	FRAME_FIRST = 1, /* the first of a keyframe's frames */
	FRAME_LAST = 2,
};

struct frame {
	uint32_t type, flags;
	uint32_t stored, raw; /* bytes of the payload, packed and unpacked */
	uint32_t events;
	uint64_t first_ns, last_ns; /* times of its first and last event */
	uint32_t crc;               /* of the packed payload */
};

/* The head of a frame, as bytes. */
void frame_put(uint8_t out[static FRAME_HEAD], const struct frame *);
/* Parses the head of a frame. False if it is none, or beyond the limits. */
bool frame_get(const uint8_t in[static FRAME_HEAD], struct frame *);

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
enum frame_head_result { FRAME_HEAD_OK, FRAME_HEAD_FOREIGN, FRAME_HEAD_DAMAGED };
/* Parses the head of the file. */
enum frame_head_result head_get(const uint8_t in[static SESSION_HEAD], struct session_head *);

/* The foot of the file, as bytes. */
void foot_put(uint8_t out[static SESSION_FOOT], uint64_t index_offset);
bool foot_get(const uint8_t in[static SESSION_FOOT], uint64_t *index_offset);

#endif
