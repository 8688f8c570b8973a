"""A house with one visit in it: the real services over SQLite, sessions alone are pretended."""

import dataclasses
import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from server.cases.library import Library
from server.cases.ports import AgentName, CaseSession
from server.cases.routes import routes as case_routes
from server.cases.service import Cases
from server.catalogue.tables import ServiceItem
from server.identity.principals import Grant, Resident, Role, Staff
from server.identity.tables import Account
from server.infrastructure.audit import AuditRow
from server.infrastructure.blobs import LocalBlobStore
from server.infrastructure.database import Database
from server.infrastructure.errors import NotFound
from server.infrastructure.events.topics import Event
from server.infrastructure.http.application import Api, problem_middleware
from server.infrastructure.http.commands import Commands
from server.infrastructure.ids import new_id
from server.infrastructure.work import Transaction, Work
from server.materials.decoder import Decoder
from server.materials.ports import SessionContext, SessionParticipant
from server.materials.routes import routes as material_routes
from server.materials.service import Materials
from server.organisations.tables import OrgUnit
from server.recordings.playback import Playback
from server.recordings.ports import RecordedSession, SpeakerName
from server.recordings.routes import routes as recording_routes
from server.recordings.service import Recordings
from tests.support.subjects import MovableClock

PLACE_PATH = "/shanghai/putuo/caoyang/"
DISTRICT_PATH = "/shanghai/putuo/"
UPLOAD_BYTES = 2_000_000
UPLOAD_PIXELS = 4_000_000
PLAYBACK_SECONDS = 300
OPENED_AT = dt.datetime(2026, 3, 6, 1, 30, tzinfo=dt.UTC)

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "applicant_name": {"type": "string", "maxLength": 50, "x-mask": "name"},
        "id_number": {"type": "string", "pattern": r"^\d{17}[0-9X]$", "x-mask": "id-number"},
        "phone": {"type": "string", "pattern": r"^1[3-9]\d{9}$", "x-mask": "phone"},
        "area": {"type": "number", "exclusiveMinimum": 0},
        "kinds": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
        "born_on": {"type": "string", "format": "date"},
        "online": {"type": "boolean"},
    },
    "required": ["applicant_name", "id_number", "area"],
    "additionalProperties": False,
}
COMPLETE: dict[str, Any] = {
    "applicant_name": "李示例",
    "id_number": "310100199005070024",
    "area": 86.5,
}


class PretendedSessions:
    """The ports that `server.sessions` implements, from a dictionary."""

    def __init__(self) -> None:
        self.contexts: dict[UUID, SessionContext] = {}

    async def context(
        self, session: AsyncSession, session_id: UUID, *, lock: bool = False
    ) -> SessionContext:
        try:
            return self.contexts[session_id]
        except KeyError:
            raise NotFound from None

    async def recorded(self, session: AsyncSession, session_id: UUID) -> RecordedSession:
        context = await self.context(session, session_id)
        return RecordedSession(context.open, context.case_id)

    async def attach_case(self, tx: Transaction, session_id: UUID, case_id: UUID) -> None:
        self.change(session_id, case_id=case_id)

    async def of_case(self, session: AsyncSession, case_id: UUID) -> Sequence[CaseSession]:
        return [
            CaseSession(
                id=context.id,
                state=context.state,
                opened_at=OPENED_AT,
                ended_at=None,
                outcome="resolved",
                agents=tuple(
                    AgentName(account_id, "坐席", "Agent") for account_id in context.account_ids
                ),
            )
            for context in self.contexts.values()
            if context.case_id == case_id
        ]

    async def ids_of_case(self, session: AsyncSession, case_id: UUID) -> Sequence[UUID]:
        return [context.id for context in self.contexts.values() if context.case_id == case_id]

    async def speakers(self, session: AsyncSession, session_id: UUID) -> Mapping[UUID, SpeakerName]:
        context = self.contexts[session_id]
        return {
            person.id: SpeakerName("坐席", "Agent")
            for person in context.participants
            if person.actor_kind == "staff"
        }

    def change(self, session_id: UUID, **values: Any) -> None:
        self.contexts[session_id] = dataclasses.replace(self.contexts[session_id], **values)


def staff(username: str, org: OrgUnit, *roles: Role) -> Staff:
    return Staff(
        account_id=new_id(),
        login_session_id=new_id(),
        username=username,
        org_id=org.id,
        org_code=org.code,
        org_path=org.path,
        grants=tuple(Grant(role, org.path) for role in roles),
        window_ids=(),
    )


class House:
    """One place with a resident, one district with an agent who serves there, and strangers.

    colleague: another agent of the district. supervisor: of the district. stranger: an agent of
    another district. events: all that was announced.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.clock = MovableClock(OPENED_AT)
        self.events: list[Event] = []
        self.work = Work(database, self.clock, self.events.extend)
        self.sessions = PretendedSessions()
        self.blobs = LocalBlobStore(folder / "blobs")
        self.decoder = Decoder(pixels=UPLOAD_PIXELS)
        self.materials = Materials(
            self.work,
            self.sessions,
            self.blobs,
            self.decoder,
            upload_pixels=UPLOAD_PIXELS,
        )
        self.cases = Cases(self.work, self.sessions)
        self.library = Library(self.work, self.sessions)
        self.recordings = Recordings(self.work, self.sessions)
        self.playback = Playback(self.work, self.sessions, self.blobs, seconds=PLAYBACK_SECONDS)
        self.district = _org("putuo", DISTRICT_PATH, "普陀区")
        self.place = _org("caoyang", PLACE_PATH, "曹杨新村街道")
        self.elsewhere = _org("minhang", "/shanghai/minhang/", "闵行区")
        self.agent = staff("agent1", self.district, Role.AGENT)
        self.colleague = staff("agent2", self.district, Role.AGENT)
        self.supervisor = staff("lead1", self.district, Role.SUPERVISOR)
        self.stranger = staff("agent9", self.elsewhere, Role.AGENT)
        self.resident = self.new_resident()

    def new_resident(self) -> Resident:
        return Resident(new_id(), self.place.id, self.place.code, PLACE_PATH, "zh-CN", "1")

    def open_visit(self, resident: Resident | None = None) -> UUID:
        """A session of `resident` with the agent, as yet without papers and case."""
        session_id, who = new_id(), resident or self.resident
        self.sessions.contexts[session_id] = SessionContext(
            id=session_id,
            state="active",
            open=True,
            item_code="permit",
            owner_org_id=self.place.id,
            owner_org_path=PLACE_PATH,
            serving_org_path=DISTRICT_PATH,
            resident_id=who.resident_id,
            account_ids=frozenset({self.agent.account_id}),
            active_account_ids=frozenset({self.agent.account_id}),
            participants=(
                SessionParticipant(new_id(), "resident", "resident", who.id),
                SessionParticipant(new_id(), "agent", "staff", self.agent.id),
            ),
            case_id=None,
        )
        return session_id

    def end_visit(self, session_id: UUID) -> None:
        self.sessions.change(session_id, state="ended", open=False, active_account_ids=frozenset())

    async def audited(self, action: str) -> list[AuditRow]:
        from sqlmodel import select

        async with self.work.read() as session:
            query = select(AuditRow).where(AuditRow.action == action)
            return list((await session.execute(query)).scalars())

    def application(self) -> web.Application:
        """The routes of cases, papers and recordings; who calls is told by a header."""
        app = web.Application(middlewares=[problem_middleware])
        people: list[Staff | Resident] = [
            self.agent,
            self.colleague,
            self.supervisor,
            self.stranger,
            self.resident,
        ]
        api = Api(HeaderDoor(people), Commands(self.work), json_bytes=1_000_000)
        api.mount(
            app,
            [
                *case_routes(self.cases, self.library),
                *material_routes(
                    self.materials, incoming=self.blobs.incoming, upload_bytes=UPLOAD_BYTES
                ),
                *recording_routes(self.playback, secure=False),
            ],
        )
        return app

    async def furnish(self) -> None:
        async with self.database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        await self.blobs.prepare()
        async with self.database.write() as session:
            session.add_all([self.district, self.place, self.elsewhere])
            await session.flush()
            for person in (self.agent, self.colleague, self.supervisor, self.stranger):
                session.add(_account(person))
            session.add(_item())
            await session.commit()


class HeaderDoor:
    """Believes the header `As` (a principal's id)."""

    def __init__(self, people: Sequence[Staff | Resident]) -> None:
        self._people: dict[str, Staff | Resident] = {person.id: person for person in people}

    async def principal(self, request: web.Request) -> Staff | Resident | None:
        return self._people.get(request.headers.get("As", ""))


@asynccontextmanager
async def furnished_house(folder: Path, url: str | None = None) -> AsyncIterator[House]:
    database = Database(url or f"sqlite+aiosqlite:///{folder / 'house.sqlite3'}")
    try:
        house = House(database, folder)
        await house.furnish()
        yield house
    finally:
        await database.close()


def _org(code: str, path: str, name: str) -> OrgUnit:
    return OrgUnit(id=new_id(), code=code, path=path, name_zh=name, name_en=code, level="district")


def _account(person: Staff) -> Account:
    return Account(
        id=person.account_id,
        username=person.username,
        password_hash="-",
        display_name_zh="坐席",
        display_name_en="Agent",
        org_id=person.org_id,
    )


def _item() -> ServiceItem:
    return ServiceItem(
        code="permit",
        position=1,
        name_zh="许可",
        name_en="Permit",
        initials="xk",
        channel="district",
        subject="person",
        skills=[],
        handling_minutes=10,
        promised_working_days=10,
        fee_fen=0,
        document={
            "code": "permit",
            "materials": [{"code": "id-front"}, {"code": "licence"}],
            "form": {"schema": SCHEMA},
        },
    )
