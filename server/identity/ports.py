"""What identity needs of the queue, as Protocols that it owns; `server.app` wires them."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from server.infrastructure.work import Transaction
from server.organisations.hours import Opening
from server.organisations.tables import OrgUnit
from server.tickets.schemas import TicketOut


@dataclass(frozen=True, slots=True)
class Visit:
    """How far a resident has come. ticket: as `GET /tickets/{id}` answers, None before the first.

    under_way: there is a place in a queue or a call, which must not be lost by opening the page
    anew for another place.
    """

    ticket: TicketOut | None
    session_id: UUID | None
    under_way: bool


class ResidentVisits(Protocol):
    async def current(self, resident_id: UUID) -> Visit:
        """The resident's newest ticket, and the session it is in."""
        ...

    async def leave(self, tx: Transaction, resident_id: UUID) -> None:
        """The visit ends: whatever place there is, is given up."""
        ...


class ServiceStatus(Protocol):
    async def opening(self, place: OrgUnit, item_code: str | None) -> Opening:
        """Whether a window that serves that place is open; with an item, one that can do it.

        Raises NotFound `item_unknown`, Conflict `no_window_serves`.
        """
        ...

    async def open_windows(self, org_path: str) -> int:
        """How many windows serve residents at that place now."""
        ...

    async def expected_wait_seconds(self, org_path: str) -> int:
        """How long a resident who came now would wait."""
        ...
