"""Which recording log is meant, and where it lies below a folder."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Folders of other names are none of ours; an event of such a session could not be read.
SESSION: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EPOCH: Final = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class LogKey:
    session_id: str
    epoch: int

    def under(self, root: Path) -> Path:
        return root / self.session_id / str(self.epoch)


def below(root: Path) -> list[LogKey]:
    """Those that have a folder below `root`."""
    keys = [
        LogKey(folder.parent.name, int(folder.name))
        for folder in root.glob("*/*")
        if folder.is_dir()
        and EPOCH.fullmatch(folder.name)
        and SESSION.fullmatch(folder.parent.name)
    ]
    return sorted(keys, key=lambda key: (key.session_id, key.epoch))
