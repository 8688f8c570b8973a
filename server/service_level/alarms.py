"""Raising alarms and clearing them: one open alarm a subject, whichever replica sees it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from server.infrastructure.ids import new_id
from server.infrastructure.work import Transaction
from server.service_level import events
from server.service_level.tables import Alarm, AlarmKind
from server.tickets.states import QUEUED_TICKETS
from server.tickets.tables import Ticket

OF_A_TICKET: Final = (AlarmKind.ANSWER_SOON, AlarmKind.ANSWER_LATE)


@dataclass(frozen=True, slots=True)
class NewAlarm:
    """An alarm to be. place_path: where its residents are, if that is told, too."""

    kind: AlarmKind
    subject: str
    org_code: str
    org_path: str
    place_path: str | None = None
    channel: str | None = None
    ticket_id: UUID | None = None
    account_id: UUID | None = None

    @property
    def open_key(self) -> str:
        return f"{self.kind}:{self.subject}"


def is_owed(ticket: Ticket) -> bool:
    """Whether somebody waits for a first answer."""
    waits = ticket.state in QUEUED_TICKETS and ticket.clock_at is not None
    return waits and ticket.first_answered_at is None


def clock_alarm(ticket: Ticket) -> NewAlarm | None:
    """The alarm that a ticket's clock calls for."""
    if not is_owed(ticket) or ticket.warned_at is None:
        return None
    return NewAlarm(
        AlarmKind.ANSWER_SOON if ticket.late_at is None else AlarmKind.ANSWER_LATE,
        str(ticket.id),
        ticket.serving_org_code,
        ticket.serving_org_path,
        ticket.place_path,
        ticket.channel,
        ticket.id,
    )


async def raise_alarms(tx: Transaction, new: Iterable[NewAlarm]) -> list[Alarm]:
    """Those of the alarms that were not open yet."""
    rows = [
        {
            "id": new_id(),
            "kind": alarm.kind,
            "subject": alarm.subject,
            "open_key": alarm.open_key,
            "channel": alarm.channel,
            "org_code": alarm.org_code,
            "org_path": alarm.org_path,
            "place_path": alarm.place_path,
            "ticket_id": alarm.ticket_id,
            "account_id": alarm.account_id,
            "raised_at": tx.now,
            "version": 1,
        }
        for alarm in new
    ]
    if not rows:
        return []
    insert = sqlite.insert if tx.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Alarm).on_conflict_do_nothing(index_elements=["open_key"]).returning(Alarm)
    raised = list((await tx.session.execute(statement, rows)).scalars())
    for alarm in raised:
        tx.audit("alarm.raise", ("alarm", str(alarm.id)), kind=alarm.kind, subject=alarm.subject)
    return raised


async def clear_alarms(tx: Transaction, *conditions: ColumnElement[bool]) -> list[Alarm]:
    """End the open alarms that meet `conditions`."""
    statement = (
        update(Alarm)
        .where(events.is_open(), *conditions)
        .values(cleared_at=tx.now, open_key=None, version=col(Alarm.version) + 1)
        .returning(Alarm)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return list((await tx.session.execute(statement)).scalars())


def told(alarms: Sequence[Alarm]) -> list[events.Told]:
    return [(events.alarm_paths(alarm), events.alarm_change(alarm)) for alarm in alarms]
