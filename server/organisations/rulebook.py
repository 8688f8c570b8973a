"""What administrators write down for the queue: the calendar, and the overflow rules."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.catalogue.tables import ServiceItem
from server.identity.permissions import Action, Resource, can, require
from server.identity.principals import Staff
from server.infrastructure.errors import Unprocessable
from server.infrastructure.http.schemas import Text
from server.infrastructure.work import Transaction, Work
from server.organisations.errors import (
    DayElsewhere,
    DayTwice,
    RuleElsewhere,
    RuleTwice,
    RuleWithoutTrigger,
)
from server.organisations.schemas import (
    CalendarDayDocument,
    CalendarOut,
    RuleDocument,
    RulesOut,
)
from server.organisations.tables import (
    CalendarDay,
    Channel,
    DayKind,
    OrgUnit,
    OverflowRule,
    Widening,
    Window,
)


class Rulebook:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def calendar(self, year: int) -> CalendarOut:
        """The listed days of a year."""
        async with self._work.read() as session:
            return await _calendar(session, year)

    async def set_calendar(
        self, staff: Staff, year: int, days: Sequence[CalendarDayDocument]
    ) -> CalendarOut:
        """List a year anew, for all windows there are.

        Raises NotFound for who does not look after all of them, DayElsewhere, DayTwice.
        """
        _require(staff, staff.org_path)
        seen: set[dt.date] = set()
        for entry in days:
            if entry.day.year != year:
                raise DayElsewhere(entry.day.isoformat(), year)
            if entry.day in seen:
                raise DayTwice(entry.day.isoformat())
            seen.add(entry.day)
        async with self._work.write(staff) as tx:
            for path in (await tx.session.execute(_WITH_WINDOWS)).scalars():
                _require(staff, path)
            await tx.session.execute(delete(CalendarDay).where(*_in_year(year)))
            tx.session.add_all(
                CalendarDay(
                    day=entry.day, kind=entry.kind, name_zh=entry.name.zh_cn, name_en=entry.name.en
                )
                for entry in days
            )
            await tx.session.flush()
            tx.audit("calendar.list", ("calendar", str(year)), days=len(days))
            return await _calendar(tx.session, year)

    async def rules(self, staff: Staff) -> RulesOut:
        """The rules of the organisations that the administrator looks after, in their order.

        Raises NotFound for who looks after none.
        """
        _require(staff, staff.org_path)
        async with self._work.read() as session:
            return await _rules(session, staff)

    async def set_rules(self, staff: Staff, rules: Sequence[RuleDocument]) -> RulesOut:
        """Write all of the administrator's rules anew; others' stay.

        Raises RuleWithoutTrigger, RuleTwice, RuleElsewhere, Unprocessable `org_unknown` and
        `item_unknown`, NotFound for another's organisation.
        """
        _require(staff, staff.org_path)
        _check(rules)
        async with self._work.write(staff) as tx:
            paths = await _known(tx, rules)
            for rule in rules:
                _require(staff, paths[rule.org])
            rows = {row.code: row for row in (await tx.session.execute(_ALL)).scalars()}
            own = {code for code, row in rows.items() if _looks_after(staff, row.org_path)}
            for rule in rules:
                if rule.code in rows and rule.code not in own:
                    raise RuleElsewhere(rule.code)
            for code in own - {rule.code for rule in rules}:
                await tx.session.delete(rows[code])
            for position, rule in enumerate(rules, start=1):
                values = rule.model_dump(exclude={"org"}) | {
                    "org_path": paths[rule.org],
                    "position": position,
                }
                row = rows.get(rule.code) or OverflowRule(**values)
                for name, value in values.items():
                    setattr(row, name, value)
                tx.session.add(row)
            await tx.session.flush()
            wires = [rule.model_dump(mode="json") for rule in rules]
            tx.audit("overflow.rules", ("overflow_rule", staff.org_code), rules=wires)
            return await _rules(tx.session, staff)


# Partners lend their windows: they neither write the calendar nor have to be asked.
_WITH_WINDOWS = (
    select(col(OrgUnit.path))
    .join(Window, col(Window.org_id) == col(OrgUnit.id))
    .where(col(OrgUnit.partner).is_(False))
    .distinct()
)
_ALL = select(OverflowRule).order_by(col(OverflowRule.position), col(OverflowRule.code))


def _require(staff: Staff, path: str) -> None:
    require(staff, Action.ADMIN_ORGANISATIONS, Resource(kind="rule", owner_org_path=path))


def _looks_after(staff: Staff, path: str) -> bool:
    return can(staff, Action.ADMIN_ORGANISATIONS, Resource(kind="rule", owner_org_path=path))


def _check(rules: Sequence[RuleDocument]) -> None:
    codes: set[str] = set()
    for rule in rules:
        if rule.after_seconds is None and rule.nobody_on_seconds is None:
            raise RuleWithoutTrigger(rule.code)
        if rule.code in codes:
            raise RuleTwice(rule.code)
        codes.add(rule.code)


async def _known(tx: Transaction, rules: Sequence[RuleDocument]) -> dict[str, str]:
    """The paths of the rules' organisations, by code. Raises Unprocessable for what is unknown."""
    codes = {rule.org for rule in rules}
    query = select(col(OrgUnit.code), col(OrgUnit.path)).where(col(OrgUnit.code).in_(codes))
    paths = {row.code: row.path for row in await tx.session.execute(query)}
    for code in sorted(codes - paths.keys()):
        raise Unprocessable("org_unknown", org=code)
    items = {rule.item_code for rule in rules if rule.item_code is not None}
    found = select(col(ServiceItem.code)).where(col(ServiceItem.code).in_(items))
    for item in sorted(items - set((await tx.session.execute(found)).scalars())):
        raise Unprocessable("item_unknown", item=item)
    return paths


async def _rules(session: AsyncSession, staff: Staff) -> RulesOut:
    found = [
        row for row in (await session.execute(_ALL)).scalars() if _looks_after(staff, row.org_path)
    ]
    return RulesOut(
        rules=[
            RuleDocument(
                code=row.code,
                org=row.org_path.strip("/").split("/")[-1],
                channel=Channel(row.channel) if row.channel is not None else None,
                item_code=row.item_code,
                widening=Widening(row.widening),
                after_seconds=row.after_seconds,
                nobody_on_seconds=row.nobody_on_seconds,
                enabled=row.enabled,
            )
            for row in found
        ]
    )


def _in_year(year: int) -> tuple[ColumnElement[bool], ...]:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return col(CalendarDay.day) >= first, col(CalendarDay.day) <= last


async def _calendar(session: AsyncSession, year: int) -> CalendarOut:
    query = select(CalendarDay).where(*_in_year(year)).order_by(col(CalendarDay.day))
    days = [
        CalendarDayDocument(
            day=row.day, kind=DayKind(row.kind), name=Text(zh_cn=row.name_zh, en=row.name_en)
        )
        for row in (await session.execute(query)).scalars()
    ]
    return CalendarOut(year=year, provisional=not days, days=days)
