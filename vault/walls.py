"""What the kernel refuses a spawned process from then on. Runs in the child only, once all is imported.

Put up by decoders of strangers' files, and by the process that compares names.

A limit of no further descriptors stops files and sockets; it stops neither `unlink` nor `ptrace`, which need
none. So a filter lets through what computing needs and nothing that names a path, an address or another
process; what it does not know fails with EPERM. On a processor that we have no filter for, the limits hold
alone (memory, CPU, no new descriptor, no byte written to a file), and `put_up` says so; where there is one
and the kernel refuses it, nothing is looked at.
"""

import contextlib
import ctypes
import os
import platform
import resource
import struct
import sys

NOBODY = 65534
# How a process ends that could not put up its walls: no file is to blame for that.
REFUSED = 77
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 4, 38, 22
_FILTER = 2
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_CLONE_THREAD = 0x00010000
# Offsets in what the kernel shows the filter: number, architecture, low half of the first argument.
_NUMBER, _ARCHITECTURE, _FIRST = 0, 4, 16

# By processor: the kernel's name for it, the numbers of what computing needs, of clone and of clone3.
# Reading and writing, memory, signals, waiting, clocks, threads, chance, and the end.
_KNOWN: dict[str, tuple[int, tuple[int, ...], int, int]] = {
    "x86_64": (
        0xC000003E,
        (
            *(0, 1, 3, 5, 7, 8, 17, 19, 20),
            *(9, 10, 11, 12, 25, 28),
            *(13, 14, 15, 131, 24, 35, 202, 230, 228, 229, 201, 96),
            *(39, 186, 98, 204, 273, 274, 334, 318, 60, 231, 97),
        ),
        56,
        435,
    ),
    "aarch64": (
        0xC00000B7,
        (
            *(63, 64, 57, 80, 73, 62, 67, 65, 66),
            *(222, 226, 215, 214, 216, 233),
            *(134, 135, 139, 132, 124, 101, 98, 115, 113, 114, 169),
            *(172, 178, 165, 123, 99, 100, 293, 278, 93, 94, 163),
        ),
        220,
        435,
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def put_up(memory: int, seconds: int) -> bool:
    """Take away memory, time, descriptors, privileges and calls.

    Tell whether a filter stands: False where this processor has none. Ends the process if it is refused.
    """
    _limit(memory, seconds)
    # Fails where root is root in name alone: then there is nothing to give up.
    with contextlib.suppress(PermissionError):
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    code = program(platform.machine())
    if code is None:
        return False
    held = ctypes.create_string_buffer(code, len(code))
    told = _Program(len(code) // 8, ctypes.addressof(held))
    if kernel.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(told), 0, 0) != 0:
        sys.exit(REFUSED)
    return True


def program(machine: str) -> bytes | None:
    """Return the filter for a processor in the kernel's form; None for one that we have no numbers of."""
    if machine not in _KNOWN:
        return None
    architecture, allowed, clone, clone3 = _KNOWN[machine]
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    for number in allowed:
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    lines += [
        # A thread of our own is no new process; clone3 hides which of the two it makes, and has a fall-back.
        (_EQUAL, 0, 1, clone3),
        (_RETURN, 0, 0, _ERRNO | _ENOSYS),
        (_EQUAL, 0, 3, clone),
        (_LOAD, 0, 0, _FIRST),
        (_ANY_BIT, 0, 1, _CLONE_THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
