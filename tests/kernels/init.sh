#!/bin/bash
# The first process under another kernel (kernels.py): runs what /tests lists, prints a line for each, and ends the
# machine. MODULES and RUN stand in /settings.
# Anywhere else it would mount over /proc and /dev.
[ $$ = 1 ] || { echo "init.sh: only for the first process of an emulated machine" >&2; exit 1; }
export PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root LC_ALL=C.UTF-8 TERM=linux TMPDIR=/var/tmp
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm /tmp /var/tmp /run /root
mount -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts
ln -sf pts/ptmx /dev/ptmx
ln -s /proc/self/fd /dev/fd
mount -t tmpfs shm /dev/shm
mount -t cgroup2 cgroup /sys/fs/cgroup
mount -t tracefs trace /sys/kernel/tracing
# shellcheck disable=SC1091
. /settings

# A disk: files of a tmpfs are memory, and always in the page cache.
python3 - "$FINIT_MODULE" "${MODULES[@]}" <<'END'
import ctypes, os, sys
for module in sys.argv[2:]:
    fd = os.open(module, os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).syscall(int(sys.argv[1]), fd, b"rd_nr=1 rd_size=786432" if "brd" in module else b"", 0):
        print("module", module, os.strerror(ctypes.get_errno()))
END
mke2fs -q -t ext4 /dev/ram0 && mount -t ext4 /dev/ram0 /var/tmp
chmod 1777 /var/tmp /tmp /dev/shm
ip link set lo up 2>/dev/null

echo "kernel: $(uname -r)"
"$PAGESCAPE" --version
"$PAGESCAPE" doctor
for run in "${RUN[@]}"; do
	start=$SECONDS
	timeout 1500 bash -c "$run" >/tmp/log 2>&1 </dev/null
	status=$?
	case $status in
	0) word=ok ;;
	77) word="ok # SKIP" ;;
	*) word="not ok" ;;
	esac
	grep -E '^not ok|^# |^ok .*# SKIP|FAILED|Assertion|^\[  ERROR|pages compared|while running' /tmp/log | sed 's/^/    /'
	[ "$word" != "not ok" ] || tail -n 30 /tmp/log | sed 's/^/    | /'
	echo "run: $word: $run (status $status, $((SECONDS - start)) s, $(grep -cE '^ok |^\[       OK' /tmp/log) ok)"
done
echo "kernels: the end"
echo b >/proc/sysrq-trigger
sleep 60
