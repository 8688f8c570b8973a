"""The queue with all that moves it: replicas over one database and one Valkey, without HTTP and
without loops. A test says when each replica does what, and what time it is.

    house = await open_house(folder, valkey.url)
    one, two = house.replicas
    ticket = await house.take(one, resident, FOOD)
    await one.dispatch.offer()
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from pydantic import SecretStr
from redis.asyncio import Redis
from sqlmodel import SQLModel, col, select

from server.bookings.calendar import BookingCalendar
from server.bookings.callbacks import Callbacks
from server.catalogue.service import Catalogue
from server.demo.seed import plant
from server.identity.cookies import new_secret, secret_hash
from server.identity.lookup import resident_by_id, staff_by_login
from server.identity.principals import Resident, Role, Staff
from server.identity.tables import (
    Account,
    AccountGrant,
    AccountWindow,
    ResidentSession,
    StaffSession,
)
from server.infrastructure.database import Database
from server.infrastructure.events.topics import Event
from server.infrastructure.redis import connect_redis
from server.infrastructure.settings import Settings
from server.infrastructure.work import Work
from server.organisations.service import Organisations
from server.organisations.tables import OrgUnit, Window
from server.queueing.lineup import LineUp
from server.recordings.service import Recordings
from server.sessions.handling_times import EngagementTimes
from server.sessions.lookup import SessionDirectory
from server.sessions.media import MediaSessions
from server.sessions.service import Sessions
from server.sessions.states import Outcome
from server.sessions.wrap_up import WrapUps
from server.tickets.desk import Desk
from server.tickets.dispatch.dispatch import Dispatch
from server.tickets.leases import Leases
from server.tickets.overflow.rounds import Rounds
from server.tickets.service import Tickets
from server.tickets.standing.estimates import Estimates
from server.tickets.states import OfferState
from server.tickets.tables import AgentPresence, Offer, Ticket
from tests.support.media_plane import Plane
from tests.support.subjects import (
    MovableClock,
    make_tables,
    quick_passwords,
    seeded_settings,
)

PLACE: Final = "caoyang-xincun"
TOWN_ITEM: Final = "residence-permit"
FOOD_ITEM: Final = "food-business-licence"
HYGIENE_ITEM: Final = "public-place-hygiene-permit"
BOTH: Final = "both1"
"""An agent of a street-town window and of the district's general window."""
AGENTS: Final = ("agent1", "agent2", "town1", BOTH)
YEAR: Final = dt.timedelta(days=365)

# All others hold what happens, and are emptied where a test begins anew.
KEPT_TABLES: Final = frozenset(
    {
        "account",
        "account_grant",
        "account_window",
        "staff_session",
        "resident_session",
        "event_epoch",
        "service_item",
        "org_unit",
        "window",
        "calendar_day",
        "overflow_rule",
    }
)


@dataclass
class OpenPages:
    """Whose pages are open: everybody's, save those who have gone."""

    away: set[str] = field(default_factory=set)

    async def gone(self, names: Collection[str]) -> set[str]:
        return self.away & set(names)


@dataclass
class Replica:
    work: Work
    line_up: LineUp
    dispatch: Dispatch
    tickets: Tickets
    desk: Desk
    sessions: Sessions
    wrap_ups: WrapUps
    leases: Leases
    rounds: Rounds

    async def sweep(self) -> None:
        """Let end what is over by now, as the loops do."""
        await self.leases.sweep()
        await self.sessions.finish_overdue()
        await self.wrap_ups.complete_overdue()
        await self.rounds.look()


@dataclass
class House:
    settings: Settings
    clock: MovableClock
    databases: list[Database]
    redis: Redis
    pages: OpenPages
    make_line_up: Callable[[Redis], LineUp] = LineUp
    replicas: list[Replica] = field(default_factory=list)
    agents: dict[str, Staff] = field(default_factory=dict)
    residents: list[Resident] = field(default_factory=list)

    @property
    def work(self) -> Work:
        return self.replicas[0].work

    def start_replica(self, number: int) -> Replica:
        """One more, or one anew in the place of one that has died."""
        heard: list[Dispatch] = []

        def publish(events: list[Event]) -> None:
            for dispatch in heard:
                dispatch.heard(events)

        settings = self.settings
        work = Work(self.databases[number % len(self.databases)], self.clock, publish)
        recordings = Recordings(work, SessionDirectory())
        sessions = Sessions(work, settings, MediaSessions(Plane()), recordings)
        line_up = self.make_line_up(self.redis)
        dispatch = Dispatch(work, settings, line_up)
        heard.append(dispatch)
        estimates = Estimates(self.clock, EngagementTimes())
        replica = Replica(
            work=work,
            line_up=line_up,
            dispatch=dispatch,
            tickets=Tickets(work, settings, Catalogue(work), Organisations(work), estimates),
            desk=Desk(
                work, settings, sessions, Callbacks(work, settings, BookingCalendar(settings))
            ),
            sessions=sessions,
            wrap_ups=WrapUps(work, settings, sessions),
            leases=Leases(work, settings, self.pages),
            rounds=Rounds(work),
        )
        if number < len(self.replicas):
            self.replicas[number] = replica
        else:
            self.replicas.append(replica)
        return replica

    async def begin_anew(self) -> None:
        """Nobody waits, nobody serves, nothing has happened; Redis is empty."""
        async with self.databases[0].write() as session:
            for table in reversed(SQLModel.metadata.sorted_tables):
                if table.name not in KEPT_TABLES:
                    await session.execute(table.delete())
            await session.commit()
        await self.redis.flushall()
        self.pages.away.clear()
        for number in range(len(self.replicas)):
            self.start_replica(number)

    async def take(self, replica: Replica, resident: Resident, item: str) -> Ticket:
        ticket, _ = await replica.tickets.take(resident, item)
        return ticket

    async def ticket(self, ticket_id: UUID) -> Ticket:
        async with self.work.read() as session:
            return await session.get_one(Ticket, ticket_id)

    async def presence(self, agent: Staff) -> AgentPresence | None:
        async with self.work.read() as session:
            return await session.get(AgentPresence, agent.account_id)

    async def pending(self) -> dict[UUID, UUID]:
        """Offers that wait for an answer: ticket by agent."""
        async with self.work.read() as session:
            query = select(Offer).where(Offer.state == OfferState.PENDING)
            offers = (await session.execute(query)).scalars()
            return {offer.account_id: offer.ticket_id for offer in offers}

    async def offer_to(self, agent: Staff) -> Offer | None:
        async with self.work.read() as session:
            query = select(Offer).where(
                Offer.account_id == agent.account_id, Offer.state == OfferState.PENDING
            )
            return (await session.execute(query)).scalar_one_or_none()

    async def serve(self, replica: Replica, agent: Staff) -> UUID:
        """Accept the agent's offer and serve it to the end; the ticket."""
        offer = await self.offer_to(agent)
        assert offer is not None
        accepted = await replica.desk.accept(agent, offer.id)
        assert accepted.session_id is not None
        assert accepted.engagement_id is not None
        await replica.sessions.hang_up(agent, accepted.session_id)
        await replica.wrap_ups.complete(agent, accepted.engagement_id, Outcome.RESOLVED, None)
        return offer.ticket_id

    async def end_call(self, replica: Replica, agent: Staff) -> None:
        """Hang up and wrap up, if the agent is in a call or has just been."""
        presence = await self.presence(agent)
        if presence is None or presence.session_id is None or presence.engagement_id is None:
            return
        await replica.sessions.hang_up(agent, presence.session_id)
        await replica.wrap_ups.complete(agent, presence.engagement_id, Outcome.RESOLVED, None)

    async def close(self) -> None:
        await self.redis.aclose()
        for database in self.databases:
            await database.close()

    async def _people(self, residents: int) -> None:
        """agents: by user name. The last resident's page is in English, the others' in Chinese."""
        now = self.clock.now()
        async with self.databases[0].write() as session:
            windows = {one.code: one for one in (await session.execute(select(Window))).scalars()}
            agent1 = (
                await session.execute(select(Account).where(Account.username == "agent1"))
            ).scalar_one()
            both = Account(**agent1.model_dump(exclude={"id", "username"}), username=BOTH)
            session.add(both)
            await session.flush()
            session.add(AccountGrant(account_id=both.id, role=Role.AGENT, org_id=both.org_id))
            for code in ("caoyang-xincun-1", "putuo-general"):
                session.add(AccountWindow(account_id=both.id, window_id=windows[code].id))
            query = select(Account).where(col(Account.username).in_(AGENTS))
            accounts = list((await session.execute(query)).scalars())
            place = (
                await session.execute(select(OrgUnit).where(OrgUnit.code == PLACE))
            ).scalar_one()
            logins = {one.username: _login(one, now) for one in accounts}
            visits = [_visit(place, now, english=n == 0) for n in range(residents)]
            session.add_all([*logins.values(), *visits])
            await session.commit()
        async with self.databases[0].read() as session:
            for username, login in logins.items():
                staff = await staff_by_login(session, login.id, now)
                assert staff is not None
                self.agents[username] = staff
            for visit in visits:
                resident = await resident_by_id(session, visit.id, now)
                assert resident is not None
                self.residents.append(resident)


def _login(account: Account, now: dt.datetime) -> StaffSession:
    return StaffSession(
        account_id=account.id,
        secret_hash=secret_hash(new_secret()),
        created_at=now,
        expires_at=now + YEAR,
        last_seen_at=now,
    )


def _visit(place: OrgUnit, now: dt.datetime, *, english: bool) -> ResidentSession:
    return ResidentSession(
        secret_hash=secret_hash(new_secret()),
        org_id=place.id,
        language="en" if english else "zh-CN",
        consent_version="1",
        consent_at=now,
        created_at=now,
        expires_at=now + YEAR,
    )


async def open_house(
    folder: Path,
    redis_url: str,
    *,
    database_url: str | None = None,
    replicas: int = 2,
    residents: int = 8,
    **settings: Any,
) -> House:
    """On SQLite below `folder`, unless an empty database is given; there each replica has a pool of
    its own. To be closed."""
    if database_url is None:
        found = await seeded_settings(folder, redis_url=SecretStr(redis_url), **settings)
    else:
        found = Settings(
            data=folder,
            demo=True,
            database_url=SecretStr(database_url),
            redis_url=SecretStr(redis_url),
            **settings,
        )
        await make_tables(found)
        await plant(found, quick_passwords())
    databases = [Database(found.database) for _ in range(replicas if database_url else 1)]
    house = House(found, MovableClock(), databases, connect_redis(redis_url), OpenPages())
    await house._people(residents)
    for number in range(replicas):
        house.start_replica(number)
    return house
