"""What can go wrong with a recording.

RecordingError
+-- LogError
|   +-- LogExists      a log is in that folder already
|   +-- LogClosed      opened a stream or noted something after close()
|   +-- LogMissing     no log in that folder
|   +-- LogUnreadable  not a log, an unknown version, or a header that makes no sense
|   +-- LogCorrupt     a block in the middle does not fit its checksum or the chain
+-- PacketMalformed    bytes that are no RTP packet, or no payload of their codec
+-- SealError
    +-- SealConflict   the output folder holds the recording of another log
    +-- SealIncomplete a frame of the log is not in the sealed files as it was
    +-- NothingToSeal  the log holds no frame that could be played
ManifestUnusable       a manifest that can't be read (also a RecordingError)
"""

from pathlib import Path


class RecordingError(Exception):
    """Any failure of the recorder. `code` is stable, for programs; the text is for people."""

    code = "recording_failed"


class LogError(RecordingError):
    code = "log_failed"


class LogExists(LogError):
    code = "log_exists"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists already")
        self.path = path


class LogClosed(LogError):
    code = "log_closed"

    def __init__(self) -> None:
        super().__init__("the recording log is closed")


class LogBusy(LogError):
    code = "log_busy"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is being written or sealed")
        self.path = path


class LogMissing(LogError):
    code = "log_missing"

    def __init__(self, path: Path) -> None:
        super().__init__(f"no recording log at {path}")
        self.path = path


class LogUnreadable(LogError):
    code = "log_unreadable"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class LogCorrupt(LogError):
    """block: counted from 0. offset: where it begins in the file, bytes."""

    code = "log_corrupt"

    def __init__(self, path: Path, block: int, offset: int, reason: str) -> None:
        super().__init__(f"{path}: block {block} at byte {offset}: {reason}")
        self.path = path
        self.block = block
        self.offset = offset
        self.reason = reason


class PacketMalformed(RecordingError):
    code = "packet_malformed"


class SealError(RecordingError):
    code = "seal_failed"


class SealConflict(SealError):
    code = "seal_conflict"

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds the recording of another log")
        self.folder = folder


class SealIncomplete(SealError):
    code = "seal_incomplete"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class ManifestUnusable(RecordingError):
    code = "manifest_unusable"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
