"""The queues that may serve a ticket, and what they ask of an agent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Reach:
    """One queue that may serve a ticket. Pure.

    skills: all of them are asked of a window. language: asked of an agent; None is any. help_desk:
    only windows that are one, whatever the skills. rule: the code of the overflow rule that opened
    it; None for the ticket's own queue.
    """

    channel: str
    org_id: UUID
    org_code: str
    skills: frozenset[str]
    language: str | None = None
    help_desk: bool = False
    rule: str | None = None

    def wire(self) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "org_id": str(self.org_id),
            "org_code": self.org_code,
            "skills": sorted(self.skills),
            "language": self.language,
            "help_desk": self.help_desk,
            "rule": self.rule,
        }

    @classmethod
    def of(cls, wire: Mapping[str, Any]) -> "Reach":
        known = {**wire, "org_id": UUID(wire["org_id"]), "skills": frozenset(wire["skills"])}
        return cls(**known)
