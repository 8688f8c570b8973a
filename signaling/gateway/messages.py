"""What a page may send over its socket. Anything else is refused by name."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server.infrastructure.events.hub import Cursor
from server.infrastructure.events.topics import TOPIC_MAX

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
    topic: str = Field(min_length=1, max_length=TOPIC_MAX)
    cursor: CursorIn | None = None

    @property
    def where(self) -> Cursor | None:
        return Cursor(self.cursor.epoch, self.cursor.number) if self.cursor else None


class Unsubscribe(_Message):
    topic: str = Field(min_length=1, max_length=TOPIC_MAX)


def read(model: type[M], data: Any) -> M | None:
    """The message that `data` is; None for one of the wrong shape."""
    try:
        return model.model_validate(data)
    except ValidationError:
        return None
