"""`python -m signaling.media.sealing LOG_FOLDER OUT_FOLDER`: sealing that ends with its worker.

No orphan after a kill of the worker: the next start seals anew.
"""

import ctypes
import os
import runpy
import signal
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def main() -> None:
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)
    runpy.run_module("recordings.seal", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
