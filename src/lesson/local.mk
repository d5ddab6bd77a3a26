libpagescape_a_SOURCES += \
	lesson/facts_log.c \
	lesson/facts_log.h \
	lesson/lesson.c \
	lesson/lesson.h \
	lesson/lesson_build.c \
	lesson/lesson_folder.c \
	lesson/lesson_folder.h \
	lesson/lesson_marks.h \
	lesson/lesson_marks.c \
	lesson/lesson_parse.h \
	lesson/lesson_parse.c \
	lesson/lesson_words.c \
	lesson/lesson_words.h \
	lesson/marked_run.c \
	lesson/marked_run.h \
	lesson/program_facts.c \
	lesson/program_facts.h \
	lesson/record.c \
	lesson/record.h \
	lesson/run.c \
	lesson/run.h \
	lesson/temporary_folder.c \
	lesson/temporary_folder.h \
	lesson/text_file.c \
	lesson/text_file.h
