"""The data folder: one owner at a time, and only that owner's user may look inside."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from server.infrastructure.settings import Settings
from server.supervisor.errors import DataFolderInUse, DataFolderUnusable

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
# After kill -9 of a supervisor the kernel kills its children; they hold the lock until then.
WAIT_FOR_DYING_SECONDS: Final = 2.0
RETRY_SECONDS: Final = 0.05


@contextmanager
def owned(settings: Settings) -> Iterator[int]:
    """Make the data folder, hold its lock, and give the lock's descriptor.

    Children inherit the descriptor, so that the folder is free only once all of them are gone.
    Raises DataFolderInUse, DataFolderUnusable.
    """
    make_folders(settings)
    path = settings.data / "lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    except OSError as error:
        raise DataFolderUnusable(settings.data, _reason(error)) from error
    try:
        _take(descriptor, settings.data)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def make_folders(settings: Settings) -> None:
    """Make the folders that every process expects. Raises DataFolderUnusable."""
    for folder in (
        settings.data,
        settings.run,
        settings.keys,
        settings.blobs,
        settings.recording_logs,
    ):
        try:
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            folder.chmod(PRIVATE_FOLDER)
        except OSError as error:
            raise DataFolderUnusable(folder, _reason(error)) from error


def private_folder(folder: Path) -> Path:
    """A folder in a place that all users share, made ours. Raises DataFolderUnusable."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise DataFolderUnusable(folder, _reason(error)) from error
    if not folder.is_dir() or folder.is_symlink() or found.st_uid != os.getuid():
        raise DataFolderUnusable(folder, "it belongs to somebody else")
    folder.chmod(PRIVATE_FOLDER)
    return folder


def _take(descriptor: int, folder: Path) -> None:
    give_up = time.monotonic() + WAIT_FOR_DYING_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            if time.monotonic() > give_up or _alive(holder):
                raise DataFolderInUse(folder, holder) from error
            time.sleep(RETRY_SECONDS)
        else:
            return


def _alive(holder: str) -> bool:
    """Whether the supervisor that wrote the lock still runs (a zombie does not)."""
    try:
        status = Path(f"/proc/{int(holder)}/stat").read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
