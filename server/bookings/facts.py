"""What the desk's topic tells of a call back."""

from uuid import UUID

from server.infrastructure.events.facts import EntityFacts
from server.infrastructure.http.schemas import WireTime


class CallbackFacts(EntityFacts):
    """The call that an agent is on: whom to call is asked for at `/callbacks/{ticket_id}`.

    id: of the ticket. tries: calls that reached nobody so far.
    """

    id: UUID
    ticket_id: UUID
    number: str
    item_code: str
    place_code: str
    window_id: UUID
    started_at: WireTime
    tries: int
    version: int
