"""Where sealed recordings are kept: in the application's blob folder, or in a bucket.

A bucket is filled by a process of its own, niced as the sealing is: sending gigabytes must take no
time from the media thread. Until it is done nobody is told that the recording is sealed.
"""

import shutil
from pathlib import Path
from typing import Final, Protocol

from signaling.media.logs import LogKey, below
from signaling.media.subprocesses import run_module

KEEP_SECONDS: Final = 3600.0


class Shelf(Protocol):
    @property
    def sealed(self) -> Path:
        """The folder below which sealing puts its results."""
        ...

    async def keep(self, key: LogKey) -> str:
        """Bring a sealed folder to where the application reads it. Twice is once.

        Empty when it is there, else why it is not, in a stable word: to be tried again. Raises
        OSError, ValueError, TimeoutError.
        """
        ...

    def forget(self, key: LogKey) -> None:
        """The application has it: what was only on its way goes. Blocks; raises OSError."""
        ...

    def tidy(self, logs: Path) -> None:
        """Clear what a dead worker had forgotten only by half. Blocks; raises OSError."""
        ...


class FolderShelf:
    """The blob folder, which the application reads on this machine or by a shared disk."""

    def __init__(self, blobs: Path) -> None:
        self._sealed = blobs / "recordings"

    @property
    def sealed(self) -> Path:
        return self._sealed

    async def keep(self, key: LogKey) -> str:
        return ""

    def forget(self, key: LogKey) -> None:
        """It stays: this is where it is kept."""

    def tidy(self, logs: Path) -> None:
        """There is nothing on its way."""


class BucketShelf:
    """A bucket; `transit`: a folder of this machine for what is on its way there."""

    def __init__(self, url: str, transit: Path) -> None:
        self._url = url
        self._transit = transit

    @property
    def sealed(self) -> Path:
        return self._transit

    async def keep(self, key: LogKey) -> str:
        folder = key.under(self._transit)
        path = f"recordings/{key.session_id}/{key.epoch}"
        ended = await run_module(
            "signaling.media.keeping", str(folder), self._url, path, seconds=KEEP_SECONDS
        )
        return "" if ended.code == 0 else ended.error

    def forget(self, key: LogKey) -> None:
        folder = key.under(self._transit)
        if folder.exists():
            shutil.rmtree(folder)
        remove_if_empty(folder.parent)

    def tidy(self, logs: Path) -> None:
        # The log goes first when the application has the recording: without one it is forgotten.
        for key in below(self._transit):
            if not key.under(logs).exists():
                self.forget(key)


def remove_if_empty(folder: Path) -> None:
    """Another epoch may still be there; then it stays."""
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
