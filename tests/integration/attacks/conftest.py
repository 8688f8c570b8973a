"""Queue and sessions over a seeded database, with a media plane that does as a test says."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from server.bookings.calendar import BookingCalendar
from server.bookings.callbacks import Callbacks
from server.catalogue.service import Catalogue
from server.catalogue.tables import ServiceItem
from server.identity.cookies import new_secret, secret_hash
from server.identity.lookup import resident_by_id, staff_by_login
from server.identity.principals import Resident, Staff
from server.identity.tables import Account, ResidentSession, StaffSession
from server.infrastructure.clock import SystemClock
from server.infrastructure.database import Database
from server.infrastructure.redis import connect_redis
from server.infrastructure.settings import Settings
from server.infrastructure.work import Work
from server.organisations.service import Organisations
from server.organisations.tables import OrgUnit
from server.queueing.lineup import LineUp
from server.recordings.service import Recordings
from server.sessions.closing import MediaClosing
from server.sessions.connections import Connections
from server.sessions.handling_times import EngagementTimes
from server.sessions.lookup import SessionDirectory
from server.sessions.media import MediaSessions
from server.sessions.media_events import MediaEvents
from server.sessions.placement import Placements
from server.sessions.service import Sessions
from server.sessions.tables import VideoSession
from server.sessions.wrap_up import WrapUps
from server.tickets.desk import Desk
from server.tickets.dispatch.dispatch import Dispatch
from server.tickets.service import Tickets
from server.tickets.standing.estimates import Estimates
from server.tickets.tables import Offer, Ticket
from tests.support.caches import Valkey
from tests.support.media_plane import Plane
from tests.support.subjects import seeded_settings

HOUR = dt.timedelta(hours=1)


@dataclass
class Line:
    """The parts from the number to the wrap-up, wired as the composition root does it."""

    settings: Settings
    work: Work
    plane: Plane
    tickets: Tickets
    dispatch: Dispatch
    desk: Desk
    sessions: Sessions
    connections: Connections
    wrap_ups: WrapUps
    placements: Placements
    media_events: MediaEvents
    closing: MediaClosing

    async def resident(self, place: str = "caoyang-xincun") -> Resident:
        """Somebody on a visit, who has agreed."""
        async with self.work.database.write() as session:
            query = select(OrgUnit).where(OrgUnit.code == place)
            org = (await session.execute(query)).scalar_one()
            now = self.work.clock.now()
            row = ResidentSession(
                secret_hash=secret_hash(new_secret()),
                org_id=org.id,
                language="zh-CN",
                consent_version="1",
                consent_at=now,
                created_at=now,
                expires_at=now + HOUR,
            )
            session.add(row)
            await session.commit()
        async with self.work.read() as session:
            found = await resident_by_id(session, row.id, now)
        assert found is not None
        return found

    async def agent(self, username: str) -> Staff:
        """An agent of the demo data, logged in."""
        async with self.work.database.write() as session:
            query = select(Account).where(Account.username == username)
            account = (await session.execute(query)).scalar_one()
            now = self.work.clock.now()
            row = StaffSession(
                account_id=account.id,
                secret_hash=secret_hash(new_secret()),
                created_at=now,
                expires_at=now + HOUR,
                last_seen_at=now,
            )
            session.add(row)
            await session.commit()
        async with self.work.read() as session:
            found = await staff_by_login(session, row.id, now)
        assert found is not None
        return found

    async def item(self, channel: str) -> str:
        """The first item of a channel that asks for no skill beyond its own windows'."""
        async with self.work.read() as session:
            query = select(ServiceItem).where(ServiceItem.channel == channel)
            rows = (await session.execute(query.order_by("position"))).scalars()
            return next(row.code for row in rows)

    async def call(self) -> tuple[Resident, Staff, VideoSession]:
        """A resident and an agent whom the queue has brought together."""
        resident, agent = await self.resident(), await self.agent("agent1")
        await self.desk.go_available(agent, None)
        await self.tickets.take(resident, await self.item("district"))
        assert await self.dispatch.offer_all() == 1
        async with self.work.read() as session:
            offer = (await session.execute(select(Offer))).scalars().one()
        accepted = await self.desk.accept(agent, offer.id)
        assert accepted.session_id is not None
        return resident, agent, await self.session(accepted.session_id)

    async def session(self, session_id: UUID) -> VideoSession:
        async with self.work.read() as session:
            return await session.get_one(VideoSession, session_id)

    async def ticket(self, ticket_id: UUID) -> Ticket:
        async with self.work.read() as session:
            return await session.get_one(Ticket, ticket_id)


@pytest.fixture
async def line(tmp_path: Path, valkey: Valkey) -> AsyncIterator[Line]:
    settings = await seeded_settings(tmp_path)
    database = Database(settings.database)
    redis = connect_redis(valkey.url)
    work = Work(database, SystemClock(), lambda _events: None)
    plane, directory = Plane(), SessionDirectory()
    recordings = Recordings(work, directory)
    media_sessions = MediaSessions(plane)
    placements = Placements(work, plane, recordings)
    dispatch = Dispatch(work, settings, LineUp(redis))
    sessions = Sessions(work, settings, media_sessions, recordings)
    yield Line(
        settings=settings,
        work=work,
        plane=plane,
        tickets=Tickets(
            work,
            settings,
            Catalogue(work),
            Organisations(work),
            Estimates(work.clock, EngagementTimes()),
        ),
        dispatch=dispatch,
        desk=Desk(
            work,
            settings,
            sessions,
            Callbacks(work, settings, BookingCalendar(settings)),
        ),
        sessions=sessions,
        connections=Connections(work, plane, placements, media_sessions),
        wrap_ups=WrapUps(work, settings, sessions),
        placements=placements,
        media_events=MediaEvents(work, plane, placements, media_sessions, recordings),
        closing=MediaClosing(work, plane, placements),
    )
    await redis.aclose()
    await database.close()
