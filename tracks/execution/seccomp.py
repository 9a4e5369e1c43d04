"""System calls that reach past every namespace, refused by a filter of the kernel; pure.

socket(AF_VSOCK)                      the machine that hosts this one, whatever the network namespace
io_uring_setup                        could make such sockets without a system call
keyctl, add_key, request_key          the keys of the worker's own session
calls of another architecture         would go by other numbers

program(machine) ──> bytes of a BPF program, for bwrap --seccomp; b"" where the numbers are not known
"""

import errno
import struct

LOAD, IF_EQUAL, IF_NOT_LESS, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT = 0, 4, 16
AF_VSOCK = 40
FOREIGN_NUMBERS = 0x40000000
"""x86_64's other numbering (x32) begins here."""

# architecture; socket; io_uring_setup, add_key, request_key, keyctl
NUMBERS = {
    "x86_64": (0xC000003E, 41, (425, 248, 249, 250)),
    "aarch64": (0xC00000B7, 198, (425, 217, 218, 219)),
}


def program(machine: str) -> bytes:
    if machine not in NUMBERS:
        return b""
    architecture, socket, refused = NUMBERS[machine]
    steps = [
        _step(LOAD, ARCHITECTURE_AT),
        _step(IF_EQUAL, architecture, yes=1),
        _refuse(errno.ENOSYS),
        _step(LOAD, NUMBER_AT),
        _step(IF_NOT_LESS, FOREIGN_NUMBERS, no=1),
        _refuse(errno.ENOSYS),
    ]
    for number in refused:
        steps += [_step(IF_EQUAL, number, no=1), _refuse(errno.ENOSYS)]
    steps += [
        _step(IF_EQUAL, socket, no=3),
        _step(LOAD, FIRST_ARGUMENT_AT),
        _step(IF_EQUAL, AF_VSOCK, no=1),
        _refuse(errno.EAFNOSUPPORT),
        _step(RETURN, ALLOW),
    ]
    return b"".join(steps)


def _step(code: int, operand: int, *, yes: int = 0, no: int = 0) -> bytes:
    """``yes`` and ``no`` are how many steps a condition skips."""
    return struct.pack("=HBBI", code, yes, no, operand)


def _refuse(error: int) -> bytes:
    return _step(RETURN, REFUSE | error)
