"""Who may work on a log's folder: one process at a time, and never while it is being written."""

import fcntl
import os
from pathlib import Path
from typing import Final

from recordings.blocks import LOG_NAME

LOCK_NAME: Final = "sealing.lock"


class FolderLock:
    """Held until released, or until the process dies."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, folder: Path) -> "FolderLock | None":
        """None if the folder or its log is gone, being written, or being sealed by another."""
        try:
            log = os.open(folder / LOG_NAME, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            # Its writer holds this lock until it has closed the log.
            fcntl.flock(log, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return None
        finally:
            os.close(log)
        descriptor = os.open(folder / LOCK_NAME, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def release(self) -> None:
        os.close(self._descriptor)
