"""Run a command with only the loopback device as its network: `unshare --net python3 scripts/only_loopback.py command …`.

In a new network namespace the loopback device is down; this script brings it up and then executes the command.
"""

import fcntl
import os
import socket
import struct
import sys

_GET_FLAGS, _SET_FLAGS = 0x8913, 0x8914  # SIOCGIFFLAGS, SIOCSIFFLAGS of Linux
_REQUEST = "16sh14x"  # struct ifreq: a name, flags
_UP = 1

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
    request = struct.pack(_REQUEST, b"lo", 0)
    _, flags = struct.unpack(_REQUEST, fcntl.ioctl(device, _GET_FLAGS, request))
    fcntl.ioctl(device, _SET_FLAGS, struct.pack(_REQUEST, b"lo", flags | _UP))
    try:
        socket.create_connection(("192.0.2.1", 443), timeout=2).close()
    except OSError:
        pass
    else:
        sys.exit("the network is still there")
os.execvp(sys.argv[1], sys.argv[1:])
