libpagescape_a_SOURCES += \
	cmd/diff.c \
	cmd/doctor.c \
	cmd/doctor.h \
	cmd/doctor_faults.c \
	cmd/doctor_process.c \
	cmd/doctor_step.c \
	cmd/doctor_system.c \
	cmd/export.c \
	cmd/faults.c \
	cmd/loop.c \
	cmd/loop.h \
	cmd/options.c \
	cmd/options.h \
	cmd/output_file.c \
	cmd/output_file.h \
	cmd/picture.c \
	cmd/picture.h \
	cmd/record.c \
	cmd/replay.c \
	cmd/snapshot.c \
	cmd/start.c \
	cmd/start.h \
	cmd/still.c \
	cmd/still.h \
	cmd/subcommand.c \
	cmd/subcommand.h \
	cmd/watch.c
