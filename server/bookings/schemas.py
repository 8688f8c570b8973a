"""Slots, bookings and calls back by HTTP."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.bookings.states import BookingKind, CallResult
from server.infrastructure.http.schemas import In, Moment, Out, WireTime
from server.sessions.states import Outcome
from server.tickets.schemas import TicketOut
from server.tickets.states import TicketState

PHONE_MAX = 40
NAME_MAX = 60


class SlotsIn(In):
    """day: local; left out, the first one that has a free slot."""

    item_code: str
    day: dt.date | None = None


class DayOut(Out):
    """free: slots that are not full."""

    day: dt.date
    open: bool
    free: int


class SlotOut(Out):
    starts_at: WireTime
    ends_at: WireTime
    free: bool


class SlotsOut(Out):
    """days: all that can be booked. slots: of the day that was asked for."""

    days: list[DayOut]
    slots: list[SlotOut]


class BookingIn(In):
    """starts_at: of a slot; null, for a call back, is as soon as possible. phone: to call back; a
    landline without area code is a local one. ticket_id: a waiting number of the caller's, that
    turns into it: a call back keeps its place. phone and name of an appointment are not kept."""

    kind: BookingKind
    item_code: str
    starts_at: Moment | None = None
    phone: Annotated[str, Field(max_length=PHONE_MAX)] | None = None
    name: Annotated[str, Field(max_length=NAME_MAX)] | None = None
    ticket_id: UUID | None = None


class MoveIn(In):
    """starts_at: of a slot; null, for a call back, is as soon as possible."""

    starts_at: Moment | None


class BookingOut(Out):
    """code: eight digits, by which whoever made it finds, moves, cancels and uses it. phone: of a
    call back, masked."""

    code: str
    kind: BookingKind
    item_code: str
    starts_at: WireTime
    ends_at: WireTime
    state: TicketState
    phone: str | None
    ticket: TicketOut


class CallbackOut(Out):
    """Whom to call. tries: calls that reached nobody so far; tries_left: with this one."""

    ticket_id: UUID
    number: str
    item_code: str
    phone: str
    name: str | None
    language: str
    tries: int
    tries_left: int


class ResultIn(In):
    """outcome: how it went, where somebody was reached."""

    result: CallResult
    outcome: Outcome | None = None


class ResultOut(Out):
    """due_at: when it is tried again; null if it is over."""

    ticket_id: UUID
    state: TicketState
    due_at: WireTime | None
