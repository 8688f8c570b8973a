"""Who does something, as the audit trail and the idempotency table name them."""

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    @property
    def kind(self) -> str:
        """resident | staff | system | worker"""
        ...

    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class System:
    """The product itself: a lease that ran out, a worker that died."""

    job: str
    kind: str = "system"

    @property
    def id(self) -> str:
        return self.job
