"""Opens connections to a port of this machine and holds them until it is killed: crowd.py PORT COUNT FIRST.

FIRST is the number of the first one: each address of ours has only so many ports. A quarter of them says nothing, a
quarter half of a header, a quarter a whole request, and a quarter begins HTTP/2.
"""

import resource
import signal
import socket
import struct
import sys

OPENINGS = [
    b"",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]
MEMBERS_OF_ADDRESS = 2_500

port, count, first = map(int, sys.argv[1:])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
members = []
for number in range(first, first + count):
    member = socket.socket()
    # Closed by a reset, so that no port is kept from others for a minute.
    member.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    member.bind((f"127.0.0.{2 + number // MEMBERS_OF_ADDRESS}", 0))
    member.connect(("127.0.0.1", port))
    member.sendall(OPENINGS[number % len(OPENINGS)])
    members.append(member)
sys.stdout.write("held\n")
sys.stdout.flush()
signal.pause()
