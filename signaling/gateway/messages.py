"""What goes over a page's socket. What a page sends otherwise is refused by name."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server.infrastructure.events.hub import Cursor
from server.infrastructure.events.topics import TOPIC_MAX
from server.infrastructure.http.schemas import Out, ProblemOut, WireTime

M = TypeVar("M", bound=BaseModel)


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Auth(_Message):
    """With the connection. page: whose cookie counts; token: for API clients."""

    page: str | None = Field(default=None, max_length=20)
    token: str | None = Field(default=None, max_length=4096)


class CursorIn(_Message):
    epoch: str = Field(max_length=32)
    number: Annotated[int, Field(ge=0)]


class Subscribe(_Message):
    """cursor: the last event that is known of the topic; without it the answer is a snapshot."""

    topic: str = Field(min_length=1, max_length=TOPIC_MAX)
    cursor: CursorIn | None = None

    @property
    def where(self) -> Cursor | None:
        return Cursor(self.cursor.epoch, self.cursor.number) if self.cursor else None


class Unsubscribe(_Message):
    topic: str = Field(min_length=1, max_length=TOPIC_MAX)


# --- what pages are told; `event` depends on the topic, see `asyncapi`


class Subscribed(Out):
    """Where a listener stands: a fresh snapshot, or what it missed since its cursor (events)."""

    ok: Literal[True]
    epoch: str
    number: int
    snapshot: dict[str, dict[str, Any]] | None
    events: list["TopicEvent"]


class Change(Out):
    """The whole new facts of an entity; None: it is gone."""

    entity: str
    id: str
    value: dict[str, Any] | None


class TopicEvent(Out):
    """Numbers grow by one per topic. Another epoch: the history began anew."""

    topic: str
    epoch: str
    number: int
    type: str
    at: WireTime
    changes: list[Change]


class Value(Out):
    """A momentary value: not numbered, not kept, the last one wins."""

    topic: str
    name: str
    value: dict[str, Any]


class Closed(Out):
    """The right is lost, or the topic is over. reason: a problem's code."""

    topic: str
    reason: str


class Reset(Out):
    """Subscribe to the topic again, without a cursor."""

    topic: str


class Done(Out):
    """It is so now."""

    ok: Literal[True]


class Refused(Out):
    """Nothing has changed; the problem says why."""

    ok: Literal[False]
    problem: ProblemOut


def read(model: type[M], data: Any) -> M | None:
    """The message that `data` is; None for one of the wrong shape."""
    try:
        return model.model_validate(data)
    except ValidationError:
        return None
