"""Runs a program on a Linux host of its own that is plugged into a simulated network.

    tap-relay.py LOCAL_PORT REMOTE_PORT ADDRESS/PREFIX[,ADDRESS/PREFIX] PROGRAM [ARGUMENT ...]

The host is a new network namespace with one TAP interface. Its frames go, one a UDP datagram, to REMOTE_PORT of the
loopback interface, and what comes to LOCAL_PORT from there enters it: the other end is `txsim run --tunnel`. Ends with the
program, and with its status. Needs root and /dev/net/tun; exits with 77 where it has not got them.
"""

import ctypes
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TAP_NO_PI = 0x0002 | 0x1000
CANNOT = 77


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


def main():
    local, remote = int(sys.argv[1]), int(sys.argv[2])
    addresses, command = sys.argv[3].split(","), sys.argv[4:]
    tunnel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    tunnel.bind(("127.0.0.1", local))
    try:
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        tap = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH", b"sim0", IFF_TAP_NO_PI))
    except OSError as error:
        print(f"no TAP interface: {error}", file=sys.stderr)
        sys.exit(CANNOT)
    # Without duplicate address detection the addresses are there at once.
    with open("/proc/sys/net/ipv6/conf/sim0/accept_dad", "w") as setting:
        setting.write("0")
    for address in addresses:
        ip("address", "add", address, "dev", "sim0")
    ip("link", "set", "lo", "up")
    ip("link", "set", "sim0", "up")
    program = subprocess.Popen(command)
    while program.poll() is None:
        ready, _, _ = select.select([tap, tunnel], [], [], 0.05)
        if tap in ready:
            tunnel.sendto(os.read(tap, 65536), ("127.0.0.1", remote))
        if tunnel in ready:
            os.write(tap, tunnel.recv(65536))
    sys.exit(program.returncode)


main()
