"""Which processes belong to a system under test: those whose environment names its data folder."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Before a command: the kernel kills it when the thread that started it is gone, kill -9 too.
DIES_WITH_TESTS: Final = ("setpriv", "--pdeathsig", "KILL", "--")


@dataclass(frozen=True, slots=True)
class Found:
    """A process that lives (a zombie does not)."""

    pid: int
    command: str


def processes_of(data: Path) -> list[Found]:
    """Every process that was started for the system in `data`, the supervisor's children all."""
    mark = f"VIRTUAL_WINDOW_DATA={data.absolute()}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            command = (
                (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            )
        except OSError:  # gone, or another user's
            continue
        if mark in environment:
            found.append(Found(int(folder.name), command.strip()))
    return found


def kill(pid: int) -> None:
    """As `kill -9`; gone already is as good."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
