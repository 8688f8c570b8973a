"""The queues that may serve a ticket, and what they ask of an agent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

EVERYBODY_SPEAKS: Final = "zh-CN"
HELP_DESKS: Final = "help_desk"  # in a queue's key, in the place of a channel


def queue_key(channel: str, org_code: str, *, help_desk: bool = False) -> str:
    """The key of a queue's topic. An organisation's help desks are a queue of their own: who
    serves the channel's windows is not shown what overflows to them."""
    return f"{HELP_DESKS if help_desk else channel}:{org_code}"


def language_asked(language: str) -> str | None:
    """The language that a resident's page asks of an agent; None is nothing in particular."""
    return None if language == EVERYBODY_SPEAKS else language


class AnyWindow(Protocol):
    """A row of Window, or what stands for one."""

    @property
    def channel(self) -> str: ...
    @property
    def org_id(self) -> UUID: ...
    @property
    def skills(self) -> Collection[str]: ...
    @property
    def help_desk(self) -> bool: ...


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

    @property
    def queue(self) -> str:
        return queue_key(self.channel, self.org_code, help_desk=self.help_desk)

    def takes(self, window: AnyWindow) -> bool:
        """Whether that window may serve it."""
        if window.channel != self.channel or window.org_id != self.org_id:
            return False
        return window.help_desk if self.help_desk else self.skills.issubset(window.skills)

    def understands(self, speaks: Collection[str]) -> bool:
        """Whether an agent who speaks that may serve it."""
        return self.language is None or self.language in speaks

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
