#!/usr/bin/python3
"""Says what the task sees: its descriptors, and what of the host, of the server and of other tasks."""
import errno
import glob
import os
import socket
import stat


def kind(descriptor):
    target = os.readlink(f"/proc/self/fd/{descriptor}")
    return "pipe" if stat.S_ISFIFO(os.fstat(descriptor).st_mode) else target


def there(paths):
    return " ".join(path for path in paths if path and os.path.lexists(path)) or "none"


def reach(address):
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(address)
        return "REACHED"
    except OSError as error:
        return errno.errorcode[error.errno]


def command_lines():
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                yield file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            pass


# The directory of descriptors has one itself while it is read.
numbers = sorted(int(name) for name in os.listdir("/proc/self/fd"))
print("descriptors", *(f"{number}:{kind(number)}" for number in numbers if os.path.lexists(f"/proc/self/fd/{number}")))
data = os.environ["DATA"]
print("data", there([data, f"/proc/1/root{data}", os.path.dirname(data)]))
print("foreign", there(os.environ["FOREIGN"].split(":")))
passwords = []
for name in ["/etc/shadow", "/etc/gshadow"]:
    try:
        with open(name) as file:
            passwords += [line for line in file if line.split(":")[1].strip("\n") != "*"]
    except PermissionError:
        pass
print("passwords", "".join(passwords) or "none")
print("homes", *sorted(os.listdir("/home")), end="\n" if os.listdir("/home") else " \n")
lines = list(command_lines())
print("mark", sum(os.environ["MARK"] in line for line in lines if "view" not in line))
print("processes", "few" if len(lines) < 6 else lines)
print("abstract", reach("\0" + os.environ["ABSTRACT"]))
print("agent", there([os.environ["SOCKETS"], *glob.glob("/run/*.sock"), *glob.glob(f"{data}/*/*.sock")]))
print("end")
