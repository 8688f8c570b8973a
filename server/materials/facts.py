"""What topics tell of papers and of requests for papers."""

from uuid import UUID

from server.infrastructure.events.facts import EntityFacts
from server.infrastructure.http.schemas import WireTime
from server.materials.states import CaptureState


class MaterialFacts(EntityFacts):
    """A page. captured_by: the participant who showed it."""

    id: UUID
    material_code: str | None
    page: int
    captured_at: WireTime
    captured_by: UUID
    version: int


class CaptureFacts(EntityFacts):
    """A request for a page."""

    id: UUID
    material_code: str | None
    page: int
    state: CaptureState
