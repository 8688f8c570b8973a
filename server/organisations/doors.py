"""Opening and closing: hours and closures of windows and organisations.

What is changed counts at once: everybody who asks reads the rows, and the loops that look after the
queue (`server.tickets.overflow.rounds`) see within a second that other windows are open.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from server.identity.permissions import Action, Resource, require
from server.identity.principals import Staff
from server.infrastructure.clock import wire_time
from server.infrastructure.errors import NotFound
from server.infrastructure.http.schemas import Text
from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.work import Transaction, Work
from server.organisations.errors import ClosureOver
from server.organisations.hours import Hours, Opening
from server.organisations.openings import Desk, closures_of, opening_of, read_desks
from server.organisations.schemas import (
    ClosureIn,
    ClosureOut,
    HoursDocument,
    OrgHoursOut,
    WindowHoursOut,
)
from server.organisations.tables import Channel, OrgUnit, Window


class Doors:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def org_hours(self, code: str) -> OrgHoursOut:
        """When an organisation's windows are open; for everybody. Raises NotFound `org_unknown`."""
        async with self._work.read() as session:
            return await self._org_hours(session, await _org(session, code))

    async def window_hours(self, staff: Staff, window_id: UUID) -> WindowHoursOut:
        """Raises NotFound, also for a window that somebody else looks after."""
        async with self._work.read() as session:
            desk = await self._desk(session, window_id)
            _require(staff, Action.WINDOW_CLOSE, desk.org)
            return self._window_out(desk)

    async def set_org_hours(
        self, staff: Staff, code: str, hours: HoursDocument | None
    ) -> OrgHoursOut:
        """Hours of all its windows that have none of their own. None is at all hours.

        Raises HoursOrder, HoursOverlap, NotFound.
        """
        document = _checked(hours)
        async with self._work.write(staff) as tx:
            org = await _org(tx.session, code)
            _require(staff, Action.ADMIN_ORGANISATIONS, org)
            await save_if_unchanged(tx, org, hours=document)
            tx.audit("organisation.hours", ("org_unit", str(org.id)), org=org.code, hours=document)
            return await self._org_hours(tx.session, org)

    async def set_window_hours(
        self, staff: Staff, window_id: UUID, hours: HoursDocument | None
    ) -> WindowHoursOut:
        """Hours of one window. None is those of its organisation. Raises as `set_org_hours`."""
        document = _checked(hours)
        async with self._work.write(staff) as tx:
            desk = await self._desk(tx.session, window_id)
            _require(staff, Action.ADMIN_ORGANISATIONS, desk.org)
            await save_if_unchanged(tx, desk.window, hours=document)
            tx.audit(
                "window.hours", ("window", str(window_id)), window=desk.window.code, hours=document
            )
            return self._window_out(await self._desk(tx.session, window_id))

    async def close_org(self, staff: Staff, code: str, closure: ClosureIn) -> ClosureOut:
        """Close an organisation's own windows, or open them again. Raises NotFound, ClosureOver."""
        async with self._work.write(staff) as tx:
            org = await _org(tx.session, code)
            _require(staff, Action.WINDOW_CLOSE, org)
            return await _close(tx, org, closure)

    async def close_window(self, staff: Staff, window_id: UUID, closure: ClosureIn) -> ClosureOut:
        """Close a window, or open it again. Raises NotFound, ClosureOver."""
        async with self._work.write(staff) as tx:
            desk = await self._desk(tx.session, window_id)
            _require(staff, Action.WINDOW_CLOSE, desk.org)
            return await _close(tx, desk.window, closure)

    async def _desk(self, session: AsyncSession, window_id: UUID) -> Desk:
        desks = await read_desks(session, self._work.clock.now(), Window.id == window_id)
        if not desks:
            raise NotFound
        return desks[0]

    async def _org_hours(self, session: AsyncSession, org: OrgUnit) -> OrgHoursOut:
        now = self._work.clock.now()
        desks = await read_desks(session, now, Window.org_id == org.id)
        return OrgHoursOut(
            code=org.code,
            name=Text(zh_cn=org.name_zh, en=org.name_en),
            hours=_document(org.hours),
            windows=[self._window_out(desk) for desk in desks],
            **_said(opening_of(desks, now)),
        )

    def _window_out(self, desk: Desk) -> WindowHoursOut:
        window = desk.window
        return WindowHoursOut(
            id=window.id,
            code=window.code,
            name=Text(zh_cn=window.name_zh, en=window.name_en),
            channel=Channel(window.channel),
            help_desk=window.help_desk,
            hours=_document(window.hours if window.hours is not None else desk.org.hours),
            inherited=window.hours is None,
            **_said(desk.opening(self._work.clock.now())),
        )


async def _close(tx: Transaction, row: Window | OrgUnit, closure: ClosureIn) -> ClosureOut:
    """Closing what is closed keeps since when it is."""
    if closure.closed and closure.until is not None and closure.until <= tx.now:
        raise ClosureOver(wire_time(closure.until))
    # A closure that ended by itself still stands in the row.
    still = any(one.covers(tx.now) for one in closures_of(row))
    await save_if_unchanged(
        tx,
        row,
        closed_since=(row.closed_since if still else tx.now) if closure.closed else None,
        closed_until=closure.until if closure.closed else None,
        closed_reason=closure.reason if closure.closed else None,
    )
    kind = "window" if isinstance(row, Window) else "org_unit"
    name = "window" if isinstance(row, Window) else "organisation"
    tx.audit(
        f"{name}.{'close' if closure.closed else 'open'}",
        (kind, str(row.id)),
        code=row.code,
        until=wire_time(row.closed_until),
    )
    return ClosureOut(
        closed=row.closed_since is not None,
        since=row.closed_since,
        until=row.closed_until,
        reason=row.closed_reason,
        version=row.version,
    )


async def _org(session: AsyncSession, code: str) -> OrgUnit:
    found = await session.execute(select(OrgUnit).where(OrgUnit.code == code))
    org = found.scalar_one_or_none()
    if org is None:
        raise NotFound("org_unknown", org=code)
    return org


def _require(staff: Staff, action: Action, org: OrgUnit) -> None:
    require(staff, action, Resource(kind="organisation", owner_org_path=org.path))


def _checked(hours: HoursDocument | None) -> dict[str, object] | None:
    """As it is kept. Raises HoursOrder, HoursOverlap."""
    if hours is None:
        return None
    document = hours.wire()
    Hours.of(document)
    return document


def _document(hours: dict[str, object] | None) -> HoursDocument | None:
    return HoursDocument.model_validate(hours) if hours is not None else None


def _said(opening: Opening) -> dict[str, object]:
    return {
        "open": opening.open,
        "opens_at": opening.opens_at,
        "closes_at": opening.closes_at,
        "reason": opening.reason,
        "provisional": opening.provisional,
    }
