libpagescape_a_SOURCES += \
	cmd/demo.c \
	cmd/demo.h \
	cmd/diff.c \
	cmd/doctor.c \
	cmd/doctor.h \
	cmd/doctor_process.c \
	cmd/doctor_system.c \
	cmd/export.c \
	cmd/faults.c \
	cmd/follow.c \
	cmd/follow.h \
	cmd/moment.c \
	cmd/moment.h \
	cmd/options.c \
	cmd/options.h \
	cmd/output_file.c \
	cmd/output_file.h \
	cmd/record.c \
	cmd/replay.c \
	cmd/screen.c \
	cmd/screen.h \
	cmd/snapshot.c \
	cmd/subcommand.c \
	cmd/subcommand.h \
	cmd/subject.c \
	cmd/subject.h \
	cmd/watch.c
