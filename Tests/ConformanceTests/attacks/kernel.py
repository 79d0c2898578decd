#!/usr/bin/python3
"""Tries what a task must not be able to do, and prints for each attempt the name of the error, or DONE."""
import ctypes
import errno
import fcntl
import os
import platform
import resource
import signal
import socket
import struct
import termios

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
IS_ARM = platform.machine() == "aarch64"
BUFFER = ctypes.create_string_buffer(4096)

# System calls that the C library has no function for: (x86-64, arm64).
NUMBERS = {
    "clone": (56, 220), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "ptrace": (101, 117),
    "pivot_root": (155, 41), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "perf_event_open": (298, 241), "bpf": (321, 280), "userfaultfd": (323, 282), "syslog": (103, 116),
    "lookup_dcookie": (212, 18), "quotactl": (179, 60), "vhangup": (153, 58), "kcmp": (312, 272),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fspick": (433, 433), "clone3": (435, 435),
    "mount_setattr": (442, 442), "open_tree_attr": (467, 467), "unknown": (1000, 1000),
}


def check(result):
    """Raises what a function of the C library left in errno."""
    if result < 0:
        raise OSError(ctypes.get_errno(), "")
    return result


def call(name, *arguments):
    number = NUMBERS[name][IS_ARM]
    return check(libc.syscall(ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments)))


def in_child(body):
    """Runs an attempt in a process of its own, as some change the process that makes them."""
    pid = os.fork()
    if pid == 0:
        try:
            body()
            os._exit(0)
        except OSError as error:
            os._exit(error.errno)
    status = os.waitpid(pid, 0)[1]
    if os.WIFSIGNALED(status):
        raise OSError(errno.EINTR, "")
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise OSError(code, "")


def attempt(name, body):
    try:
        in_child(body)
        print(name, "DONE", flush=True)
    except OSError as error:
        print(name, errno.errorcode.get(error.errno, error.errno), flush=True)


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def read(path):
    with open(path, "rb") as file:
        if not file.read(16):
            raise OSError(errno.ENODATA, "")


def listing(path):
    if not os.listdir(path):
        raise OSError(errno.ENODATA, "")


def new_process(flags):
    pid = call("clone", flags | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def device(kind, major, minor):
    path = f"{os.environ['HOME']}/device-{kind}-{major}-{minor}"
    os.mknod(path, kind | 0o666, os.makedev(major, minor))
    read(path)


def escape():
    """The old way out of chroot: a directory that is open, and a new root below it. There is nothing above."""
    os.makedirs("/tmp/jail", exist_ok=True)
    top = os.open("/", os.O_RDONLY)
    os.chroot("/tmp/jail")
    os.fchdir(top)
    for _ in range(100):
        os.chdir("..")
    os.chroot(".")
    if not os.path.exists("/host") and os.path.exists("/tmp/jail"):
        raise OSError(errno.EXDEV, "")


def terminal_input():
    for path in ["/dev/tty", "/proc/self/fd/0", "/dev/console", "/dev/tty0"]:
        try:
            with open(path) as file:
                fcntl.ioctl(file, termios.TIOCSTI, b"x")
                return
        except OSError as error:
            last = error
    raise last


def raise_limit(which):
    unlimited = struct.pack("QQ", 2**64 - 1, 2**64 - 1)
    before = resource.getrlimit(which)
    check(libc.setrlimit(which, unlimited))
    if resource.getrlimit(which) == before:
        raise OSError(errno.EPERM, "")


def allow_cores():
    """With a limit of 0 Linux would hand what crashes to the host's crash handler."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    libc.setrlimit(resource.RLIMIT_CORE, struct.pack("QQ", 0, 0))
    libc.prlimit(0, resource.RLIMIT_CORE, struct.pack("QQ", 0, 0), None)
    if before == (1, 1) and resource.getrlimit(resource.RLIMIT_CORE) == before:
        raise OSError(errno.EPERM, "")


def read_memory():
    """Reads sixteen bytes of process 1, at an address that it certainly has."""
    near, far = ctypes.create_string_buffer(16), 0x400000
    local = struct.pack("QQ", ctypes.addressof(near), 16)
    check(libc.process_vm_readv(1, local, 1, struct.pack("QQ", far, 16), 1, 0))


def netlink_add_address():
    """RTM_NEWADDR of 10.1.2.3/32 on interface 1."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as link:
        link.bind((0, 0))
        body = struct.pack("BBBBI", socket.AF_INET, 32, 0, 0, 1) + struct.pack("HH4s", 8, 2, bytes([10, 1, 2, 3]))
        link.send(struct.pack("IHHII", 16 + len(body), 20, 0x605, 1, 0) + body)
        code = struct.unpack("i", link.recv(4096)[16:20])[0]
        if code:
            raise OSError(-code, "")


NAMESPACES = {
    "user": 0x10000000, "mnt": 0x20000, "pid": 0x20000000, "net": 0x40000000, "ipc": 0x8000000, "uts": 0x4000000,
    "cgroup": 0x2000000, "time": 0x80,
}
for name, flag in NAMESPACES.items():
    attempt(f"unshare-{name}", lambda: check(libc.unshare(flag)))
    attempt(f"setns-{name}", lambda: check(libc.setns(os.open(f"/proc/self/ns/{name}", os.O_RDONLY), 0)))
    attempt(f"open-ns-{name}", lambda: os.close(os.open(f"/proc/1/ns/{name}", os.O_RDONLY)))
attempt("clone-user", lambda: new_process(NAMESPACES["user"]))
attempt("clone-mnt", lambda: new_process(NAMESPACES["mnt"]))
attempt("clone3", lambda: call("clone3", ctypes.byref(ctypes.c_uint64(NAMESPACES["user"])), 64))

attempt("mount", lambda: check(libc.mount(b"none", b"/tmp", b"tmpfs", 0, None)))
attempt("mount-proc", lambda: check(libc.mount(b"proc", b"/tmp", b"proc", 0, None)))
attempt("mount-bind", lambda: check(libc.mount(b"/proc", b"/tmp", None, 4096, None)))
attempt("mount-rw", lambda: check(libc.mount(None, b"/proc/sys", None, 4096 | 32, None)))
attempt("umount", lambda: check(libc.umount2(b"/proc/sys", 2)))
attempt("fsopen", lambda: call("fsopen", b"tmpfs", 0))
attempt("fspick", lambda: call("fspick", -100, b"/", 0))
attempt("open_tree", lambda: call("open_tree", -100, b"/", 1))
attempt("open_tree_attr", lambda: call("open_tree_attr", -100, b"/", 1, BUFFER, 32))
attempt("move_mount", lambda: call("move_mount", -100, b"/proc", -100, b"/tmp", 0))
attempt("mount_setattr", lambda: call("mount_setattr", -100, b"/", 0, BUFFER, 32))
attempt("pivot_root", lambda: call("pivot_root", b"/", b"/tmp"))
attempt("chroot-escape", escape)

attempt("init_module", lambda: call("init_module", BUFFER, 16, b""))
attempt("finit_module", lambda: call("finit_module", 0, b"", 0))
attempt("delete_module", lambda: call("delete_module", b"veth", 0))
attempt("kexec_load", lambda: call("kexec_load", 0, 0, BUFFER, 0))
attempt("kexec_file_load", lambda: call("kexec_file_load", 0, 0, 0, b"", 0))
# The last number turns Ctrl-Alt-Del off, which is what it is.
attempt("reboot", lambda: call("reboot", 0xFEE1DEAD - (1 << 32), 672274793, 0, 0))
attempt("swapon", lambda: check(libc.swapon(b"/tmp", 0)))
attempt("bpf", lambda: call("bpf", 0, BUFFER, 64))
attempt("perf_event_open", lambda: call("perf_event_open", BUFFER, 0, -1, -1, 0))
attempt("userfaultfd", lambda: call("userfaultfd", 1))
attempt("keyctl", lambda: call("keyctl", 0, -3, 1))
attempt("add_key", lambda: call("add_key", b"user", b"x", b"y", 1, -3))
attempt("request_key", lambda: call("request_key", b"user", b"x", None, -3))
attempt("io_uring_setup", lambda: call("io_uring_setup", 8, BUFFER))
attempt("io_uring_enter", lambda: call("io_uring_enter", 0, 1, 0, 0, 0))
attempt("io_uring_register", lambda: call("io_uring_register", 0, 0, BUFFER, 0))
attempt("open_by_handle_at", lambda: check(libc.open_by_handle_at(-100, BUFFER, 0)))
attempt("acct", lambda: check(libc.acct(b"/tmp/acct")))
attempt("quotactl", lambda: call("quotactl", 0x80000200, b"/dev/vda", 0, BUFFER))
attempt("settimeofday", lambda: check(libc.settimeofday(BUFFER, None)))
attempt("clock_settime", lambda: check(libc.clock_settime(0, BUFFER)))
attempt("adjtimex", lambda: check(libc.adjtimex(BUFFER)))
attempt("syslog", lambda: call("syslog", 3, BUFFER, 100))
attempt("vhangup", lambda: call("vhangup"))
attempt("fanotify", lambda: check(libc.fanotify_init(0, 0)))
attempt("sethostname", lambda: check(libc.sethostname(b"other", 5)))
attempt("setdomainname", lambda: check(libc.setdomainname(b"other", 5)))
attempt("unknown-call", lambda: call("unknown"))

attempt("ptrace-init", lambda: call("ptrace", 16, 1, 0, 0))
attempt("ptrace-seize", lambda: call("ptrace", 0x4206, 1, 0, 0))
attempt("process_vm_readv", read_memory)
attempt("kcmp", lambda: call("kcmp", os.getpid(), 1, 2, 0, 0))
attempt("pidfd_getfd", lambda: call("pidfd_getfd", call("pidfd_open", 1, 0), 3, 0))
attempt("kill-init", lambda: os.kill(1, signal.SIGKILL))
attempt("stop-init", lambda: os.kill(1, signal.SIGSTOP))
attempt("limit-init", lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0)))
for name in ["environ", "mem", "maps", "syscall", "auxv"]:
    attempt(f"init-{name}", lambda: read(f"/proc/1/{name}"))
for name in ["fd", "map_files", "root", "cwd"]:
    attempt(f"init-{name}", lambda: listing(f"/proc/1/{name}/."))
attempt("init-oom", lambda: write("/proc/1/oom_score_adj", "1000"))
attempt("own-oom", lambda: write("/proc/self/oom_score_adj", "-1000"))
attempt("own-map", lambda: write("/proc/self/uid_map", "0 0 1"))
attempt("nice", lambda: os.setpriority(os.PRIO_PROCESS, 0, -20))
attempt("real-time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)))
attempt("files-limit", lambda: raise_limit(resource.RLIMIT_NOFILE))
attempt("core-limit", allow_cores)

SETTINGS = ["kernel/core_pattern", "kernel/hostname", "kernel/modprobe", "vm/drop_caches", "net/ipv4/ip_forward",
            "user/max_user_namespaces", "fs/mqueue/msg_max"]
for name in SETTINGS:
    attempt(f"sys-{name}", lambda: write(f"/proc/sys/{name}", "1"))
attempt("sysrq", lambda: write("/proc/sysrq-trigger", "h") or read("/proc/sysrq-trigger"))
attempt("kcore", lambda: read("/proc/kcore"))
attempt("kmsg", lambda: read("/proc/kmsg"))
attempt("kallsyms", lambda: read("/proc/kallsyms"))
attempt("kpageflags", lambda: read("/proc/kpageflags"))
for name in ["kernel", "devices", "class", "block", "firmware", "module"]:
    attempt(f"sys-{name}", lambda: listing(f"/sys/{name}"))
for name in [".", "memory", "pids", "unified"]:
    attempt(f"cgroup-join-{name}", lambda: write(f"/sys/fs/cgroup/{name}/cgroup.procs", "0"))
    attempt(f"cgroup-new-{name}", lambda: os.mkdir(f"/sys/fs/cgroup/{name}/new"))
    for limit in ["memory.max", "memory.limit_in_bytes", "pids.max", "release_agent"]:
        attempt(f"cgroup-{limit}-{name}", lambda: write(f"/sys/fs/cgroup/{name}/{limit}", "1"))
for name in ["mem", "kmem", "port", "kmsg", "vda", "sda", "loop-control", "fuse", "kvm", "net/tun", "console"]:
    attempt(f"dev-{name}", lambda: os.close(os.open(f"/dev/{name}", os.O_RDWR)))
attempt("dev-new", lambda: write("/dev/new", "x"))
attempt("node-mem", lambda: device(0o020000, 1, 1))
attempt("node-disk", lambda: device(0o060000, 254, 0))
attempt("tiocsti", terminal_input)

attempt("raw-socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt("packet-socket", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x300))
attempt("vsock", lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))
attempt("alg", lambda: socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET))
attempt("key-socket", lambda: socket.socket(15, socket.SOCK_RAW, 2))
attempt("can", lambda: socket.socket(socket.AF_CAN, socket.SOCK_RAW))
attempt("bluetooth", lambda: socket.socket(31, socket.SOCK_RAW, 1))
attempt("rds", lambda: socket.socketpair(21, socket.SOCK_SEQPACKET))
attempt("netlink-address", netlink_add_address)
attempt("foreign-user", lambda: os.setresuid(70000, 70000, 70000))
attempt("foreign-group", lambda: os.setgroups([70000]))
if not IS_ARM:
    attempt("iopl", lambda: check(libc.iopl(3)))
    attempt("ioperm", lambda: check(libc.ioperm(0x70, 2, 1)))
    attempt("x32", lambda: check(libc.syscall(ctypes.c_long(0x40000000 + 39))))
print("end")
