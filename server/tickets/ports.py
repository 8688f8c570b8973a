"""What the queue needs from others, as Protocols that it owns; `server.app` wires them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.principals import Staff
from server.infrastructure.work import Transaction
from server.tickets.tables import Offer, Ticket


class SessionOpener(Protocol):
    async def open(
        self, tx: Transaction, ticket: Ticket, offer: Offer, agent: Staff
    ) -> tuple[UUID, UUID]:
        """Open the video session that an accepted offer promised: (session id, engagement id)."""
        ...

    async def live_engagement(
        self, session: AsyncSession, account_id: UUID
    ) -> dict[str, Any] | None:
        """The facts of the agent's engagement that is not completed, if there is one."""
        ...


class HandlingTimes(Protocol):
    async def recent(self, session: AsyncSession) -> Mapping[str, Sequence[float]]:
        """Seconds that agents spent with tickets of each item of late, wrap-up included, the
        newest first."""
        ...


class CallbackCalls(Protocol):
    async def open(self, tx: Transaction, ticket: Ticket, offer: Offer, agent: Staff) -> None:
        """Begin the call back that an accepted offer promised."""
        ...

    async def current(self, session: AsyncSession, account_id: UUID) -> dict[str, Any] | None:
        """The facts of the call that the agent is on, if there is one."""
        ...


class Pages(Protocol):
    async def gone(self, names: Collection[str]) -> set[str]:
        """Which of `names` (`staff:<id>`, `resident:<id>`) have had no open page for the grace
        time. Silence of Redis, or a start of this replica, makes nobody gone."""
        ...
