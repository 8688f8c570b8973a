"""`python -m signaling.media.sealing LOG_FOLDER OUT_FOLDER`: sealing that ends with its worker.

No orphan after a kill of the worker: the next start seals anew.
"""

import ctypes
import os
import runpy
import signal
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def run_below_worker(module: str) -> None:
    """Be that module's command, and die when the process that started this one does."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def main() -> None:
    run_below_worker("recordings.seal")


if __name__ == "__main__":
    main()
