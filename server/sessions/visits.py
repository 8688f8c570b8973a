"""How far a resident has come, over queue and session; implements what identity asks for."""

from uuid import UUID

from sqlmodel import col, select

from server.catalogue.tables import ServiceItem
from server.identity.ports import Visit
from server.infrastructure.errors import NotFound
from server.infrastructure.work import Transaction, Work
from server.organisations.hours import Opening
from server.organisations.openings import opening_of, read_desks
from server.organisations.tables import Channel, OrgUnit, Window
from server.sessions.service import Sessions
from server.sessions.states import SessionState
from server.sessions.tables import VideoSession
from server.tickets.events import is_followed, newest_ticket
from server.tickets.placing import find_queue
from server.tickets.reach import Reach
from server.tickets.routes import ticket_out
from server.tickets.service import Tickets
from server.tickets.standing.estimates import Estimates
from server.tickets.standing.sight import Demand, Sight


class Visits:
    """Implements `server.identity.ports.ResidentVisits` and `ServiceStatus`."""

    def __init__(
        self, work: Work, tickets: Tickets, sessions: Sessions, estimates: Estimates
    ) -> None:
        self._work = work
        self._tickets = tickets
        self._sessions = sessions
        self._estimates = estimates

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
            out = ticket_out((ticket, await self._estimates.outlook(session, ticket)))
        under_way = session_id is not None or is_followed(ticket)
        return Visit(out, session_id, under_way=under_way)

    async def leave(self, tx: Transaction, resident_id: UUID) -> None:
        await self._tickets.leave(tx, resident_id)
        await self._sessions.leave(tx, resident_id)

    async def opening(self, place: OrgUnit, item_code: str | None) -> Opening:
        """Of the windows of the place's line and of the delta, or of those that can do an item."""
        now = self._work.clock.now()
        codes = place.path.strip("/").split("/")
        async with self._work.read() as session:
            if item_code is None:
                serves = col(OrgUnit.code).in_(codes) | (Window.channel == Channel.YANGTZE_DELTA)
                return opening_of(await read_desks(session, now, serves), now)
            item = await session.get(ServiceItem, item_code)
            if item is None:
                raise NotFound("item_unknown", item=item_code)
            return (await find_queue(session, item, place, now)).opening

    async def open_windows(self, org_path: str) -> int:
        """Windows with somebody at work that serve this place: its own line's, and the delta's."""
        _, staffed = await self._staffed(org_path)
        return len(staffed)

    async def expected_wait_seconds(self, org_path: str) -> int:
        """The wait of one who came now to the best staffed window of the place; 0 when closed."""
        sight, staffed = await self._staffed(org_path)
        waits = [wait for demand in staffed if (wait := sight.seconds(demand)) is not None]
        return min(waits, default=0)

    async def _staffed(self, org_path: str) -> tuple[Sight, list[Demand]]:
        """The queue as it is now, and what one would ask of the windows that have somebody on."""
        codes = org_path.strip("/").split("/")
        query = (
            select(Window.channel, col(OrgUnit.id), OrgUnit.code)
            .join(OrgUnit, col(OrgUnit.id) == col(Window.org_id))
            .where(col(OrgUnit.code).in_(codes) | (Window.channel == "yangtze_delta"))
            .distinct()
        )
        async with self._work.read() as session:
            queues = list(await session.execute(query))
            sight = await self._estimates.sight(session)
        demands = [
            Demand.of(Reach(channel, org_id, code, skills=frozenset()))
            for channel, org_id, code in queues
        ]
        return sight, [demand for demand in demands if sight.able(demand)]
