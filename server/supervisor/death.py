"""A child's life hangs on its parent's: the kernel kills it when that is gone, kill -9 too."""

import ctypes
import os
import signal
from collections.abc import Callable
from typing import Final

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h

# Loaded before any fork: a child between fork and exec should take no locks of the loader.
_libc = ctypes.CDLL(None, use_errno=True)


def dies_with_parent() -> Callable[[], None]:
    """What a child calls between fork and exec, so that it dies with its parent.

    The kernel watches the *thread* that forked: spawn from one that lives as long as the process,
    as the main thread does.
    """
    parent = os.getpid()

    def bind() -> None:
        if _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
            os._exit(os.EX_OSERR)
        if os.getppid() != parent:  # it died between our fork and the call above
            os._exit(os.EX_UNAVAILABLE)

    return bind
