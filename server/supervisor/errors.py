"""Why the supervisor can't serve. The text is for the operator at the terminal.

SupervisorError
├── DataFolderInUse
├── DataFolderUnusable
├── PortInUse
└── ChildFailed
"""

from pathlib import Path


class SupervisorError(Exception):
    """Says what is wrong and what to do; the command prints it and exits with 1."""


class DataFolderInUse(SupervisorError):
    """Another supervisor, or a child that it left a moment ago, holds the folder's lock."""

    def __init__(self, folder: Path, holder: str) -> None:
        self.folder, self.holder = folder, holder
        who = f"process {holder}" if holder else "another process"
        super().__init__(
            f"The data folder {folder} is in use by {who}. End that one, or choose another folder:"
            " --data FOLDER (make run DATA=FOLDER)."
        )


class DataFolderUnusable(SupervisorError):
    """The folder can't be made or written, or others could write where only we may."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder, self.reason = folder, reason
        super().__init__(f"The folder {folder} can't be used: {reason}.")


class PortInUse(SupervisorError):
    """Nothing can listen on the address that was asked for."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host, self.port, self.reason = host, port, reason
        super().__init__(
            f"Can't serve on {host}, port {port}: {reason}. Choose another:"
            " --port PORT (make run PORT=PORT)."
        )


class ChildFailed(SupervisorError):
    """A child did not come up, so that going on makes no sense."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"{name} {reason}. What it wrote stands above.")
