"""kernels: runs live tests under other kernels, in an emulated machine whose only files are pagescape, the tests, and
what these need of this system (an initramfs of our own).

    kernels.py BUILD SOURCE [--only REGEX] [--accel kvm:tcg] [--arch aarch64 --system FOLDER] KERNEL...

A KERNEL is a package of Debian's (linux-image-6.1.0-50-amd64; apt-get downloads it, nothing is installed), a .deb, or
a vmlinuz, which then has to have ext4 and brd built in. For aarch64, BUILD is cross-compiled, and FOLDER holds Debian's
packages for arm64, unpacked: libraries and what TOOLS lists come from there. BUILD and SOURCE are not below /var/tmp,
where the machine has its disk. Needs qemu-system-x86_64 or -aarch64 (or
QEMU, a command), dpkg-deb, cpio. Prints what each test said that failed or was skipped, and a table; exits 1 if one
failed.
"""
import argparse
import glob
import lzma
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

TOOLS = """bash sh cat cp mv mkdir rmdir mktemp rm mkfifo ln ls stat touch chmod chown grep sed awk mawk cut sort uniq head
 tail tr wc cmp diff seq sleep kill id dd od mkswap swapon swapoff mount umount setpriv stty tty ps pgrep date env test
 dirname basename timeout true false uname nproc readlink truncate tee find xargs mke2fs ip unshare printf expr
 python3""".split()
UNITS = "reader live pagecache physical threads unwind symbolizer".split()  # that ask the kernel
LIVE = "states resident faults without stacks limits pid_namespace own".split()
TRUTH = "python3 tests/truth/check_truth.py src/pagescape tests/truth/shapes none --pages 0 --only "
SHAPES = "hugetlb,huge,merged,memfd,sysv,ring,locked,rights,userfault,stack,leaving,threads,faults"
MODULES = ("brd", "crc32c_generic", "ext4")
MEMORY = "3G"
MINUTES = 60


MACHINES = {  # qemu's arguments, where the kernel prints, finit_module's number
    "x86_64": (["-machine", "q35,accel={}", "-cpu", "max,arch-capabilities=off"], "ttyS0", 313),
    "aarch64": (["-machine", "virt,accel={}", "-cpu", "max,pauth-impdef=on"], "ttyAMA0", 273),
}
LEFT_OUT = ("test", "tests", "__pycache__", "idlelib", "site-packages", "dist-packages", "config-3*", "ensurepip", "lib2to3",
            "pydoc_data", "distutils", "tkinter", "turtledemo")


class Image:
    """The tree that becomes the initramfs. `system`: where files of the system come from, "" for ours."""

    def __init__(self, folder, system):
        self.folder, self.system, self.have = folder, system, set()

    def needed(self, path):
        """The libraries of a program, and its loader."""
        if not self.system:
            said = subprocess.run(["ldd", path], capture_output=True, text=True, check=False).stdout
            yield from re.findall(r"(/\S+) \(0x", said)
            return
        said = subprocess.run(["readelf", "-ld", path], capture_output=True, text=True, check=False).stdout
        yield from re.findall(r"program interpreter: (\S+)\]", said)
        for name in re.findall(r"\(NEEDED\).*\[(.*)\]", said):
            yield from self.find(f"/usr/lib/*-linux-gnu/{name}")

    def add(self, path):
        """Copies a file to the same path, with what it needs; a link as the file it leads to."""
        source = self.system + path if os.path.exists(self.system + path) else path
        if path in self.have or not os.path.exists(source):
            return
        self.have.add(path)
        to = self.folder + path
        os.makedirs(os.path.dirname(to), exist_ok=True)
        if os.path.isdir(source):
            shutil.copytree(source, to, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
        else:
            shutil.copy2(source, to)
            for library in self.needed(source):
                self.add(library)

    def find(self, pattern):
        """The system's files, as they are called there."""
        return (found.removeprefix(self.system) for found in glob.glob(self.system + pattern))

    def add_program(self, name):
        path = shutil.which(name, path=":".join(self.system + p for p in ("/usr/bin", "/bin", "/usr/sbin", "/sbin")))
        if path:
            self.add(path.removeprefix(self.system))
            self.add(os.path.realpath(path).removeprefix(self.system))

    def write(self, path, text, mode=0o644):
        to = self.folder + path
        os.makedirs(os.path.dirname(to), exist_ok=True)
        with open(to, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(to, mode)

    def pack(self, archive):
        with open(archive, "wb") as out:
            names = subprocess.run(["find", ".", "-print0"], cwd=self.folder, capture_output=True, check=True).stdout
            # not compressed: an emulated processor takes minutes to unpack it
            subprocess.run(["cpio", "-0", "-o", "-H", "newc", "--quiet"], cwd=self.folder, input=names, stdout=out, check=True)


def add_system(image):
    for folder in ("proc", "sys", "dev", "tmp", "run", "root", "etc", "var/tmp", "usr/bin", "usr/lib", "usr/sbin"):
        os.makedirs(os.path.join(image.folder, folder), exist_ok=True)
    for link in ("bin", "sbin", "lib", "lib64"):
        os.makedirs(os.path.join(image.folder, "usr", link), exist_ok=True)
        os.symlink("usr/" + link, os.path.join(image.folder, link))
    for tool in TOOLS:
        image.add_program(tool)
    if not os.path.lexists(image.folder + "/usr/bin/awk"):  # packages that were only unpacked have no alternatives
        os.symlink("mawk", image.folder + "/usr/bin/awk")
    for python in image.find("/usr/lib/python3.*"):
        image.add(python)
        for extension in image.find(python + "/lib-dynload/*.so"):
            for library in image.needed(image.system + extension):
                image.add(library)
    for pattern in ("/etc/ld.so.cache", "/lib/*/libgcc_s.so.1", "/usr/lib/locale/C.utf8", "/lib/terminfo/*/linux"):
        for path in image.find(pattern):
            image.add(path)
    image.write("/etc/passwd", "root:x:0:0::/root:/bin/bash\nnobody:x:65534:65534::/:/bin/false\n")
    image.write("/etc/group", "root:x:0:\nnogroup:x:65534:\n")


def add_tests(image, o):
    """The program, the unit tests, the live tests with their targets."""
    image.add(os.path.join(o.build, "src/pagescape"))
    for pattern in (*(f"unit/test_{u}" for u in UNITS), "live/*", "truth/shapes"):
        for path in glob.glob(os.path.join(o.build, "tests", pattern)):
            if os.access(path, os.X_OK) and os.path.isfile(path):
                image.add(path)
    for pattern in ("tests/common.sh", "tests/live/*.sh", "tests/truth/*.py", "tests/fixtures", "tests/session", "tests/live/lessons"):
        for path in glob.glob(os.path.join(o.source, pattern)):
            image.add(path)


def runs(o):
    tests = os.path.join(o.build, "tests")
    yield from (f"cd {tests}/unit && ./test_{u}" for u in UNITS)
    yield from (f"cd {tests} && bash $SRCDIR/live/{t}.sh" for t in LIVE)
    truth = TRUTH.replace("tests/truth/check_truth.py", o.source + "/tests/truth/check_truth.py")
    yield f"cd {o.build} && PYTHONDONTWRITEBYTECODE=1 {truth}'{SHAPES}'"


def unpack(kernel, work):
    """The kernel's image, and a folder with its modules (None: a bare one)."""
    if not os.path.exists(kernel):
        subprocess.run(["apt-get", "-q", "download", kernel], cwd=work, check=True, stdout=subprocess.DEVNULL)
        kernel = glob.glob(os.path.join(work, "*.deb"))[0]
    if not kernel.endswith(".deb"):
        return os.path.abspath(kernel), None
    folder = os.path.join(work, "package")
    subprocess.run(["dpkg-deb", "-x", kernel, folder], check=True)
    return glob.glob(folder + "/boot/vmlinuz-*")[0], folder


def read_module(path):
    with open(path, "rb") as f:
        data = f.read()
    return lzma.decompress(data) if path.endswith(".xz") else data


def find_modules(folder):
    """What MODULES need, then themselves: name and bytes."""
    files = {re.sub(r"\.ko(\.xz)?$", "", os.path.basename(p)).replace("-", "_"): p
             for p in glob.glob(folder + "/**/*.ko*", recursive=True)}
    found = {}

    def add(name):
        if name in found or name not in files:  # built in
            return
        data = read_module(files[name])
        depends = re.search(rb"\0depends=([^\0]*)\0", b"\0" + data)
        for other in depends.group(1).decode().split(",") if depends and depends.group(1) else ():
            add(other.replace("-", "_"))
        found[name] = data
    for name in MODULES:
        add(name)
    return found


def run(o, kernel):
    """Prints what the machine prints; the lines about runs."""
    arguments, console, finit_module = MACHINES[o.arch]
    with tempfile.TemporaryDirectory(prefix="pagescape-kernels", dir=o.work) as work:
        vmlinuz, folder = unpack(kernel, work)
        image = Image(os.path.join(work, "tree"), o.system)
        os.mkdir(image.folder)
        add_system(image)
        add_tests(image, o)
        modules = find_modules(folder) if folder else {}
        os.makedirs(image.folder + "/modules")
        for name, data in modules.items():
            with open(f"{image.folder}/modules/{name}.ko", "wb") as f:
                f.write(data)
        chosen = [r for r in runs(o) if re.search(o.only, r)]
        image.write("/settings", f"MODULES=({' '.join(f'/modules/{m}.ko' for m in modules)}) FINIT_MODULE={finit_module}\n"
                    f"RUN=({' '.join(map(shlex.quote, chosen))})\n"
                    f"export PAGESCAPE={o.build}/src/pagescape SRCDIR={o.source}/tests BUILDDIR={o.build}/tests "
                    "XDG_CONFIG_HOME=/nonexistent TEST_DEADLINE=120\n")
        shutil.copy(os.path.join(o.source, "tests/kernels/init.sh"), image.folder + "/init")
        os.chmod(image.folder + "/init", 0o755)
        archive = os.path.join(work, "initramfs")
        image.pack(archive)
        command = [*shlex.split(os.environ.get("QEMU", "qemu-system-" + o.arch)), *(a.format(o.accel) for a in arguments),
                   "-smp", "2", "-m", MEMORY, "-nographic", "-no-reboot", "-kernel", vmlinuz, "-initrd", archive, "-append",
                   f"console={console} panic=-1 rdinit=/init quiet"]
        lines = []
        machine = subprocess.Popen(["timeout", str(MINUTES * 60), *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        for line in machine.stdout:
            text = line.decode(errors="replace").rstrip("\r\n")
            print(text, flush=True)
            lines.append(text)
        machine.wait()
        return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=os.path.abspath)
    parser.add_argument("source", type=os.path.abspath)
    parser.add_argument("kernels", nargs="+")
    parser.add_argument("--only", default="", help="runs whose command has this regular expression")
    parser.add_argument("--accel", default="tcg", help="kvm is faster, where it works")
    parser.add_argument("--arch", default="x86_64", choices=MACHINES)
    parser.add_argument("--system", default="", help="the other architecture's files")
    parser.add_argument("--work", default="/var/tmp", help="where trees are made: some hundred MB")
    o = parser.parse_args()
    rows = []
    for kernel in o.kernels:
        lines = run(o, kernel)
        name = next((line[8:] for line in lines if line.startswith("kernel: ")), kernel)
        said = [line for line in lines if line.startswith("run: ")]
        failed = [line for line in said if line.startswith("run: not ok")]
        rows.append((name, len(said), len(failed), sum("SKIP" in line for line in said), "kernels: the end" in lines))
    print(f"{'kernel':<32} {'runs':>5} {'failed':>7} {'skipped':>8}")
    for name, count, failed, skipped, ended in rows:
        print(f"{name:<32} {count:>5} {failed:>7} {skipped:>8}{'' if ended else '   it did not come to its end'}")
    sys.exit(any(failed or not ended for _, _, failed, _, ended in rows))


main()
