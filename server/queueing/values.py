"""What the line-up is told, and what it tells: plain values, without SQL."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND: Final = dt.timedelta(microseconds=1)
ANY_LANGUAGE: Final = "*"


def microseconds(moment: dt.datetime) -> int:
    """Since 1970. A score of Redis holds it exactly until the year 2255 (2**53)."""
    return (moment - EPOCH) // MICROSECOND


@lru_cache(maxsize=4096)
def _word(text: str) -> str:
    """`text` without the signs that part the words of a name, the full stop among them."""
    return quote(text, safe="").replace(".", "%2E")


@dataclass(frozen=True, slots=True)
class Queue:
    """A channel of an organisation."""

    channel: str
    org_id: UUID

    @property
    def name(self) -> str:
        return _queue_name(self)


@lru_cache(maxsize=4096)
def _queue_name(queue: Queue) -> str:
    return f"{_word(queue.channel)}|{queue.org_id}"


@dataclass(frozen=True, slots=True)
class Line:
    """Tickets of one queue that ask the same of an agent; between them, only their order counts.

    skills: all of them in one window. language: None is any. help_desk: any help desk of the
    queue, whatever its skills.
    """

    queue: Queue
    skills: frozenset[str] = frozenset()
    language: str | None = None
    help_desk: bool = False

    @property
    def name(self) -> str:
        return _line_name(self)


@lru_cache(maxsize=16384)
def _line_name(line: Line) -> str:
    language = ANY_LANGUAGE if line.language is None else _word(line.language)
    skills = "" if line.help_desk else ",".join(sorted(map(_word, line.skills)))
    return f"{line.queue.name}|{language}|{int(line.help_desk)}|{skills}"


@dataclass(frozen=True, slots=True)
class Place:
    """A ticket in the queue. version: of its row; an older one changes nothing.

    lines: where agents find it; empty while it is held, or where no agent is to be offered it.
    """

    ticket_id: UUID
    version: int
    rank_at: dt.datetime
    lines: tuple[Line, ...]

    def wire(self, *, anew: bool = False) -> list[Any]:
        lines = [line.name for line in self.lines]
        rank = str(microseconds(self.rank_at))
        return ["place", str(self.ticket_id), self.version, rank, lines, anew]


@dataclass(frozen=True, slots=True)
class Left:
    """A ticket that is in the queue no more."""

    ticket_id: UUID
    version: int

    def wire(self, *, anew: bool = False) -> list[Any]:
        return ["left", str(self.ticket_id), self.version, anew]


@dataclass(frozen=True, slots=True)
class Seat:
    """A window at which an agent takes offers now."""

    window_id: UUID
    queue: Queue
    skills: frozenset[str]
    help_desk: bool = False

    def wire(self) -> list[Any]:
        return _seat_wire(self)


@lru_cache(maxsize=16384)
def _seat_wire(seat: Seat) -> list[Any]:
    skills = sorted(map(_word, seat.skills))
    return [str(seat.window_id), seat.queue.name, seat.help_desk, skills]


@dataclass(frozen=True, slots=True)
class Sitting:
    """An agent who takes offers. free: how many more at once; version: of the presence's row.

    idle_since orders agents. speaks: languages.
    """

    account_id: UUID
    version: int
    idle_since: dt.datetime
    seats: tuple[Seat, ...]
    speaks: frozenset[str]
    free: int = 1
    _said: list[Any] = field(init=False, compare=False, repr=False)
    digest: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        seats = [seat.wire() for seat in sorted(self.seats, key=lambda seat: seat.window_id)]
        speaks = sorted(map(_word, self.speaks))
        said = [str(microseconds(self.idle_since)), self.free, seats, speaks]
        digest = hashlib.blake2b(json.dumps(said).encode(), digest_size=8).hexdigest()
        object.__setattr__(self, "_said", said)
        object.__setattr__(self, "digest", digest)

    def wire(self, *, anew: bool = False) -> list[Any]:
        return ["sit", str(self.account_id), self.version, self.digest, *self._said, anew]


@dataclass(frozen=True, slots=True)
class Stood:
    """An agent who takes no offers."""

    account_id: UUID
    version: int

    def wire(self, *, anew: bool = False) -> list[Any]:
        return ["stood", str(self.account_id), self.version, anew]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A ticket that is not given to an agent before a time: others first."""

    ticket_id: UUID
    account_id: UUID
    until: dt.datetime

    def wire(self, *, anew: bool = False) -> list[Any]:
        until = str(microseconds(self.until))
        return ["refused", str(self.ticket_id), str(self.account_id), until]


@dataclass(frozen=True, slots=True)
class Settled:
    """A claim that came to its end: its ticket and agent are free for others, if they are there."""

    claim: str

    def wire(self, *, anew: bool = False) -> list[Any]:
        return ["settled", self.claim]


@dataclass(frozen=True, slots=True)
class Kept:
    """A claim that somebody is still at work on."""

    claim: str

    def wire(self, *, anew: bool = False) -> list[Any]:
        return ["kept", self.claim]


Move = Place | Left | Sitting | Stood | Refusal | Settled | Kept


@dataclass(frozen=True, slots=True)
class Claim:
    """A ticket and an agent that are kept for each other until the offer stands, or does not.

    The versions are those that the pair was made by: of rows that have changed since, no offer.
    """

    name: str
    ticket_id: UUID
    ticket_version: int
    account_id: UUID
    account_version: int
    window_id: UUID

    @classmethod
    def of(cls, wire: list[str]) -> "Claim":
        name, ticket, ticket_version, account, account_version, window = wire
        return cls(
            name, UUID(ticket), int(ticket_version), UUID(account), int(account_version),
            UUID(window),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A row as the line-up knows it. digest: of an agent's seats."""

    version: int
    digest: str = ""
