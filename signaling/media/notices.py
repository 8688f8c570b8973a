"""What the media thread has to tell the control side; rare things, never one a packet."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Notice:
    """kind: `connection.state`, `source.flow`; details: as the event of that kind has them."""

    kind: str
    session_id: str
    epoch: int
    details: dict[str, object]


class Notify(Protocol):
    """Called on the media thread; must not block."""

    def __call__(self, notice: Notice, /) -> None: ...
