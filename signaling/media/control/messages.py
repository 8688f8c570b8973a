"""The bodies of the worker's RPC, as both sides check them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Mid = Annotated[str, Field(min_length=1, max_length=32)]
Kind = Literal["microphone", "face", "document", "screen"]
Label = Annotated[str, Field(max_length=128)]
MOST_SECTIONS = 24


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SessionBody(_Body):
    session_id: UUID
    epoch: int = Field(ge=0, lt=2**53)


class OpenSession(SessionBody):
    record: bool
    labels: dict[Label, Label] = Field(default_factory=dict, max_length=32)


class SourceBody(_Body):
    source_id: UUID
    mid: Mid
    kind: Kind


class SlotBody(_Body):
    mid: Mid
    media: Literal["audio", "video"]
    index: int = Field(ge=0, lt=1000)


class Connect(SessionBody):
    connection_id: UUID
    participant_id: UUID
    role: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$")]
    offer: str
    sources: list[SourceBody] = Field(max_length=MOST_SECTIONS)
    slots: list[SlotBody] = Field(max_length=MOST_SECTIONS)


class FillBody(_Body):
    mid: Mid
    source_id: UUID | None


class Route(SessionBody):
    connection_id: UUID
    generation: int = Field(ge=0, lt=2**53)
    slots: list[FillBody] = Field(max_length=MOST_SECTIONS)


class Disconnect(SessionBody):
    connection_id: UUID
