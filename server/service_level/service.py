"""The supervisor's use cases: how well the promise is kept, the board, seeing to an alarm."""

import datetime as dt
from collections import Counter, defaultdict
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity.accounts import org_out
from server.identity.permissions import (
    TABLE,
    Action,
    Resource,
    ResourceColumns,
    can,
    require,
    visible,
)
from server.identity.principals import Staff
from server.identity.tables import Account, AccountWindow
from server.infrastructure.clock import business_day, start_of_day
from server.infrastructure.errors import NotFound, Unprocessable
from server.infrastructure.http.schemas import Text
from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.settings import Settings
from server.infrastructure.work import Work
from server.organisations.openings import Desk, closures_of, read_desks
from server.organisations.tables import Channel, OrgUnit, Window
from server.service_level import events
from server.service_level.facts import AlarmFacts, BoardTicketFacts
from server.service_level.measures import Measured, measured
from server.service_level.schemas import (
    BoardAgentOut,
    BoardDoorOut,
    BoardFigures,
    BoardOut,
    BoardWindowOut,
    Grouping,
    LevelIn,
    LevelOut,
    LevelRow,
)
from server.service_level.tables import Alarm
from server.tickets.states import QUEUED_TICKETS, PresenceState
from server.tickets.tables import AgentPresence, Ticket

SHOWN: Final = 200  # tickets and alarms on a board: more than anybody reads
RANGE: Final = dt.timedelta(days=400)


class ServiceLevels:
    def __init__(self, work: Work, settings: Settings) -> None:
        self._work = work
        self._settings = settings

    async def level(self, reader: Staff, query: LevelIn) -> LevelOut:
        """Figures of a time range, by what `query` groups them.

        Raises NotFound for who leads nowhere, or not there; Unprocessable `range_bad`.
        """
        _require_leading(reader)
        now = self._work.clock.now()
        until = query.until or now
        since = query.since or min(start_of_day(business_day(now)), until)
        if not dt.timedelta(0) <= until - since <= RANGE:
            raise Unprocessable("range_bad", days=RANGE.days)
        async with self._work.read() as session:
            conditions = [
                col(Ticket.clock_at) >= since,
                col(Ticket.clock_at) < until,
                *await _conditions(session, reader, query),
            ]
            rows = await measured(
                session, conditions, by=query.by, answer_seconds=self._settings.answer_seconds
            )
        return LevelOut(
            since=since,
            until=until,
            by=query.by,
            answer_seconds=self._settings.answer_seconds,
            answer_warning_seconds=self._settings.answer_warning_seconds,
            rows=[_row(row) for row in rows],
        )

    async def board(self, reader: Staff, org_code: str | None) -> BoardOut:
        """An organisation and all below it, now. Raises NotFound."""
        now = self._work.clock.now()
        async with self._work.read() as session:
            org = await events.board_org(session, reader, org_code or reader.org_code)
            waiting = await events.queued_tickets(session, org.path, limit=SHOWN)
            alarms = await events.open_alarms(session, org.path, limit=SHOWN)
            agents = await _agents(session, org.path)
            figures = await self._figures(session, org.path, agents, now)
            desks = await read_desks(session, now, events.within(col(OrgUnit.path), org.path))
        return BoardOut(
            org=org_out(org),
            topic=events.board_topic(org.code),
            at=now,
            answer_seconds=self._settings.answer_seconds,
            answer_warning_seconds=self._settings.answer_warning_seconds,
            figures=figures,
            waiting=[BoardTicketFacts.of(ticket) for ticket in waiting],
            agents=agents,
            alarms=[AlarmFacts.of(alarm) for alarm in alarms],
            windows=[_door(desk, now) for desk in desks],
        )

    async def see(self, reader: Staff, alarm_id: UUID) -> AlarmFacts:
        """Say that somebody sees to an alarm. Twice is once. Raises NotFound, also for a foreign
        alarm."""
        async with self._work.write(reader) as tx:
            alarm = await tx.session.get(Alarm, alarm_id)
            if alarm is None or not _may_read(reader, alarm):
                raise NotFound
            if alarm.seen_at is None:
                await save_if_unchanged(tx, alarm, seen_at=tx.now, seen_by=reader.account_id)
                told = (events.alarm_paths(alarm), events.alarm_change(alarm))
                await events.announce(tx, "alarm.seen", [told])
                tx.audit("alarm.see", ("alarm", str(alarm.id)), kind=alarm.kind)
            return AlarmFacts.of(alarm)

    async def _figures(
        self, session: AsyncSession, path: str, agents: list[BoardAgentOut], now: dt.datetime
    ) -> BoardFigures:
        today = await measured(
            session,
            [col(Ticket.clock_at) >= start_of_day(business_day(now)), events.tickets_of(path)],
            by=Grouping.TOTAL,
            answer_seconds=self._settings.answer_seconds,
        )
        query = select(func.count(), func.min(_owed_since())).where(
            col(Ticket.state).in_(QUEUED_TICKETS), events.tickets_of(path)
        )
        waiting, oldest = (await session.execute(query)).one()
        tally = today[0].tally if today else None
        return BoardFigures(
            waiting=waiting,
            longest_wait_seconds=max(int((now - oldest).total_seconds()), 0) if oldest else None,
            offered_today=tally.offered if tally else 0,
            answered_today=tally.answered if tally else 0,
            abandoned_today=tally.abandoned if tally else 0,
            level_answered_today=tally.level_answered if tally else None,
            level_offered_today=tally.level_offered if tally else None,
            agents=dict(Counter(agent.state for agent in agents)),
        )


def _owed_since() -> ColumnElement[dt.datetime]:
    """The clock of who has had no answer yet."""
    return case((col(Ticket.first_answered_at).is_(None), col(Ticket.clock_at)))


def _require_leading(reader: Staff) -> None:
    rights = TABLE[Action.BOARD_READ]
    if not any(rights[grant.role] for grant in reader.grants):
        raise NotFound


def _may_read(reader: Staff, alarm: Alarm) -> bool:
    paths = [path for path in (alarm.org_path, alarm.place_path) if path is not None]
    return any(can(reader, Action.BOARD_READ, Resource("alarm", path)) for path in paths)


async def _conditions(
    session: AsyncSession, reader: Staff, query: LevelIn
) -> list[ColumnElement[bool]]:
    """Which tickets `query` asks for, of those that `reader` may know."""
    paths: list[Any] = [Ticket.place_path, Ticket.serving_org_path]
    found: list[ColumnElement[bool]] = [
        or_(*(visible(reader, Action.BOARD_READ, ResourceColumns(owner_org_path=p)) for p in paths))
    ]
    if query.org is not None:
        rows = await session.execute(select(OrgUnit).where(OrgUnit.code == query.org))
        org = rows.scalar_one_or_none()
        if org is None:
            raise NotFound
        require(reader, Action.BOARD_READ, Resource("board", org.path))
        found.append(events.tickets_of(org.path))
    if query.channel is not None:
        found.append(col(Ticket.channel) == query.channel)
    if query.item is not None:
        found.append(col(Ticket.item_code) == query.item)
    if query.window is not None:
        found.append(col(Window.code) == query.window)
    return found


def _row(row: Measured) -> LevelRow:
    tally = row.tally
    return LevelRow(
        key=row.key,
        offered=tally.offered,
        answered=tally.answered,
        answered_within=tally.answered_within,
        abandoned=tally.abandoned,
        abandoned_after=tally.abandoned_after,
        level_answered=tally.level_answered,
        level_offered=tally.level_offered,
        p50_wait_seconds=row.p50,
        p90_wait_seconds=row.p90,
    )


def _is_closed(row: Window | OrgUnit, now: dt.datetime) -> bool:
    return any(closure.covers(now) for closure in closures_of(row))


def _door(desk: Desk, now: dt.datetime) -> BoardDoorOut:
    window, opening = desk.window, desk.opening(now)
    return BoardDoorOut(
        id=window.id,
        code=window.code,
        name=Text(zh_cn=window.name_zh, en=window.name_en),
        channel=Channel(window.channel),
        org=org_out(desk.org),
        open=opening.open,
        opens_at=opening.opens_at,
        reason=opening.reason,
        closed=_is_closed(desk.window, now),
        org_closed=_is_closed(desk.org, now),
    )


async def _agents(session: AsyncSession, path: str) -> list[BoardAgentOut]:
    """Everybody with a window there, by name; also who has never come to a desk."""
    people = {row.id: row for row in await session.execute(_people(path))}
    known: dict[UUID, BoardWindowOut] = {}
    windows: dict[UUID, list[BoardWindowOut]] = defaultdict(list)
    for account_id, window_id, code, name_zh, name_en in await session.execute(_seats(path)):
        if window_id not in known:
            name = Text(zh_cn=name_zh, en=name_en)
            known[window_id] = BoardWindowOut(id=window_id, code=code, name=name)
        windows[account_id].append(known[window_id])
    return [_agent(people[account_id], own) for account_id, own in windows.items()]


def _people(path: str) -> Any:
    # By columns: a district has thousands of them, and rows cost a tenth of objects.
    seats = _seats(path).with_only_columns(col(AccountWindow.account_id)).order_by(None)
    return (
        select(
            Account.id,
            Account.username,
            Account.display_name_zh,
            Account.display_name_en,
            AgentPresence.state,
            AgentPresence.since,
            AgentPresence.window_id,
            AgentPresence.missed_offers,
            AgentPresence.version,
        )  # type: ignore[call-overload]
        .outerjoin(AgentPresence, col(AgentPresence.account_id) == col(Account.id))
        .where(col(Account.id).in_(seats))
    )


def _seats(path: str) -> Any:
    return (
        select(AccountWindow.account_id, Window.id, Window.code, Window.name_zh, Window.name_en)  # type: ignore[call-overload]
        .select_from(AccountWindow)
        .join(Account, col(Account.id) == col(AccountWindow.account_id))
        .join(Window, col(Window.id) == col(AccountWindow.window_id))
        .join(OrgUnit, col(OrgUnit.id) == col(Window.org_id))
        .where(events.within(col(OrgUnit.path), path), col(Account.disabled_at).is_(None))
        .order_by(col(Account.username), col(Window.code))
    )


def _agent(row: Any, windows: list[BoardWindowOut]) -> BoardAgentOut:
    return BoardAgentOut(
        id=row.id,
        username=row.username,
        name=Text(zh_cn=row.display_name_zh, en=row.display_name_en),
        state=PresenceState(row.state or PresenceState.OFFLINE),
        since=row.since,
        window_id=row.window_id,
        missed_offers=row.missed_offers or 0,
        windows=windows,
        version=row.version or 0,
    )
