/* What this machine lacks for a lesson. */
#ifndef CMD_LESSON_NEEDS_H
#define CMD_LESSON_NEEDS_H

/* "needs root", say, where the machine lacks what a lesson, or an exercise, needs (see lesson_needs_has);
 * NULL: nothing is missing. Translated. */
const char *lesson_missing(const char *needs);

#endif
