"""Takes away from this process everything that decoding does not need. Linux.

Called in the decoder's own process before the first byte of an upload is read. It works as root and
not as root: a system call filter needs no right but "no new privileges".
"""

import ctypes
import os
import platform
import resource
import struct
from typing import Final

ADDRESS_SPACE_BYTES: Final = 1_280 * 1024 * 1024
CPU_SECONDS: Final = 15

# What glibc, CPython and OpenCV call to compute, allocate, read and write what is open already.
# Everything else (open, socket, execve, ptrace, io_uring) is answered with EPERM.
ALLOWED: Final = {
    "x86_64": (
        *(0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 19, 20, 24, 25, 28, 35, 39, 60),
        *(72, 96, 97, 98, 131, 158, 186, 201, 202, 204, 228, 229, 230, 231, 234),
        *(262, 270, 273, 302, 309, 318, 334),
    ),
    "aarch64": (
        *(25, 29, 57, 62, 63, 64, 65, 66, 80, 93, 94, 98, 99, 101, 113, 114, 115, 122, 123),
        *(124, 131, 132, 134, 135, 139, 163, 165, 168, 169, 172, 178, 214, 215, 216, 222, 226),
        *(233, 261, 278, 293),
    ),
}
SECCOMP_CALL: Final = {"x86_64": 317, "aarch64": 277}
AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_SET_MODE_FILTER: Final = 1
_SECCOMP_FILTER_FLAG_TSYNC: Final = 1
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000

# Classic BPF over struct seccomp_data (linux/seccomp.h): nr at 0, arch at 4.
_LOAD_WORD: Final = 0x20
_JUMP_EQUAL: Final = 0x15
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_ERRNO_EPERM: Final = 0x00050001
_KILL_PROCESS: Final = 0x80000000


class NotConfined(OSError):
    """Neither a system call filter nor a network namespace can be had here."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def confine() -> None:
    """Bound memory, processor time and files; then no new files, sockets or programs.

    Works as root and not as root. Where the kernel offers no filter, a network namespace of its
    own has to do. Raises NotConfined if neither can be had.
    """
    limit(resource.RLIMIT_AS, ADDRESS_SPACE_BYTES)
    limit(resource.RLIMIT_CPU, CPU_SECONDS)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_CORE, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    alone = any(
        libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    )
    if not _filter_calls(libc) and not alone:
        raise NotConfined(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def limit(what: int, value: int) -> None:
    """Set a limit that can't be raised again; never above the one that already holds."""
    hard = resource.getrlimit(what)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def program(machine: str) -> bytes:
    """The filter for `machine`: its allowed calls pass, others get EPERM, another ABI is killed."""
    calls = ALLOWED[machine]
    rules = [
        _rule(_LOAD_WORD, 4),
        _rule(_JUMP_EQUAL, AUDIT_ARCH[machine], yes=1),
        _rule(_RETURN, _KILL_PROCESS),
        _rule(_LOAD_WORD, 0),
        # From each call over those after it and the refusal, to the allowance at the end.
        *(_rule(_JUMP_EQUAL, call, yes=len(calls) - at) for at, call in enumerate(calls)),
        _rule(_RETURN, _ERRNO_EPERM),
        _rule(_RETURN, _ALLOW),
    ]
    return b"".join(rules)


def _rule(code: int, value: int, *, yes: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, 0, value)


def _filter_calls(libc: ctypes.CDLL) -> bool:
    machine = platform.machine()
    if machine not in ALLOWED:
        return False
    code = ctypes.create_string_buffer(program(machine))
    length = (len(code) - 1) // 8
    packed = _Program(length, ctypes.cast(code, ctypes.c_void_p))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    answer = libc.syscall(
        SECCOMP_CALL[machine],
        _SECCOMP_SET_MODE_FILTER,
        _SECCOMP_FILTER_FLAG_TSYNC,
        ctypes.byref(packed),
    )
    return int(answer) == 0
