"""How far a resident has come, over queue and session; implements what identity asks for."""

from uuid import UUID

from sqlmodel import col, select

from server.identity.ports import Visit
from server.infrastructure.work import Transaction, Work
from server.organisations.tables import OrgUnit, Window
from server.sessions.service import Sessions
from server.sessions.states import SessionState
from server.sessions.tables import VideoSession
from server.tickets.events import is_followed, newest_ticket
from server.tickets.routes import ticket_out
from server.tickets.service import Tickets
from server.tickets.waiting import expected_seconds, outlook, staffing

USUAL_MINUTES = 10


class Visits:
    """Implements `server.identity.ports.ResidentVisits` and `ServiceStatus`."""

    def __init__(self, work: Work, tickets: Tickets, sessions: Sessions) -> None:
        self._work = work
        self._tickets = tickets
        self._sessions = sessions

    async def current(self, resident_id: UUID) -> Visit:
        async with self._work.read() as session:
            ticket = await newest_ticket(session, resident_id)
            open_session = await session.execute(
                select(VideoSession.id).where(
                    VideoSession.resident_id == resident_id,
                    VideoSession.state != SessionState.ENDED,
                )
            )
            session_id = open_session.scalar_one_or_none()
            if ticket is None:
                return Visit(None, session_id, under_way=session_id is not None)
            out = ticket_out((ticket, await outlook(session, ticket)))
        under_way = session_id is not None or is_followed(ticket)
        return Visit(out, session_id, under_way=under_way)

    async def leave(self, tx: Transaction, resident_id: UUID) -> None:
        await self._tickets.leave(tx, resident_id)
        await self._sessions.leave(tx, resident_id)

    async def open_windows(self, org_path: str) -> int:
        """Windows with somebody at work that serve this place: its own line's, and the delta's."""
        return len(await self._staffed(org_path))

    async def expected_wait_seconds(self, org_path: str) -> int:
        """The wait of one who came now to the best staffed window of the place; 0 when closed."""
        waits = [
            wait
            for agents, free in (await self._staffed(org_path)).values()
            if (wait := expected_seconds(ahead=0, agents=agents, free=free, minutes=USUAL_MINUTES))
            is not None
        ]
        return min(waits, default=0)

    async def _staffed(self, org_path: str) -> dict[tuple[str, UUID], tuple[int, int]]:
        codes = org_path.strip("/").split("/")
        query = (
            select(Window.channel, Window.org_id)
            .join(OrgUnit, col(OrgUnit.id) == col(Window.org_id))
            .where(col(OrgUnit.code).in_(codes) | (Window.channel == "yangtze_delta"))
            .distinct()
        )
        staffed: dict[tuple[str, UUID], tuple[int, int]] = {}
        async with self._work.read() as session:
            for channel, org_id in list(await session.execute(query)):
                agents, free = await staffing(session, channel, org_id)
                if agents:
                    staffed[channel, org_id] = (agents, free)
        return staffed
