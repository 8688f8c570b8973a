"""Why a ticket stands where it stands, from facts that were true at one moment; in words."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.identity.permissions import Action, Resource, can
from server.identity.principals import Resident, Staff
from server.infrastructure.clock import BUSINESS_ZONE, wire_time
from server.organisations.openings import opening_of, read_desks
from server.organisations.tables import OrgUnit
from server.texts import sentences
from server.tickets.priority import in_order
from server.tickets.standing.estimates import Estimates, outlook, waiter_of
from server.tickets.standing.sight import Demand, Sight, Waiter
from server.tickets.standing.waiting import Outlook
from server.tickets.states import IN_LINE, TicketKind, TicketState
from server.tickets.tables import Ticket

SUBJECT: Final = "standing"


class Why(StrEnum):
    """Codes of the reasons; their sentences are in `server/texts`."""

    FIRST_COME = "first_come"  # ahead, earlier: of those ahead, who took a number before
    NEXT = "next"
    PASSED_BY = "passed_by"  # count, reason: came later, with a head start
    LET_IN = "let_in"  # count: of those ahead, who came over from other queues
    APPOINTMENT = "appointment"  # due_at: the place is by that time
    HEAD_START = "head_start"  # seconds, reasons, passed: how many who came before stand behind
    HEAD_START_UNUSED = "head_start_unused"  # the same, with nobody to pass
    OVERFLOW = "overflow"  # rule, org: windows there may serve it too
    OVERFLOW_HELP_DESK = "overflow_help_desk"  # rule, org
    OVERFLOW_LANGUAGE = "overflow_language"  # rule
    ON_DUTY = "on_duty"  # agents: at work and able; free
    NOBODY_ON = "nobody_on"
    SERVICE_CLOSED = "service_closed"
    SERVICE_CLOSED_UNTIL = "service_closed_until"  # opens_at
    HELD = "held"  # until: when the place is given up
    OFFERED = "offered"
    SERVING = "serving"
    OVER = "over"
    CALLBACK = "callback"  # due_at
    BOOKED = "booked"  # due_at


@dataclass(frozen=True, slots=True)
class Reason:
    """params: ids, counts, codes and moments; of nobody else but the asker."""

    code: Why
    params: Mapping[str, Any] = field(default_factory=dict)

    def wire_params(self) -> dict[str, Any]:
        return {
            name: wire_time(value) if isinstance(value, dt.datetime) else value
            for name, value in self.params.items()
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """org_names: code to name in each language, of the organisations that reasons name."""

    ticket: Ticket
    outlook: Outlook
    reasons: list[Reason]
    org_names: Mapping[str, Mapping[str, str]]


async def read_standing(
    session: AsyncSession, estimates: Estimates, ticket: Ticket, now: dt.datetime
) -> Standing:
    if ticket.state not in IN_LINE:
        return Standing(ticket, outlook(ticket, None), [_elsewhere(ticket)], {})
    sight = await estimates.sight(session)
    waiter = waiter_of(ticket)
    reasons = [*of_place(waiter, sight), *_of_windows(waiter.demand)]
    if ticket.kind == TicketKind.APPOINTMENT and ticket.due_at is not None:
        reasons.insert(0, Reason(Why.APPOINTMENT, {"due_at": ticket.due_at}))
    if sight.able(waiter.demand):
        reasons.append(_on_duty(waiter.demand, sight))
    elif sight.is_open(waiter.demand):
        reasons.append(Reason(Why.NOBODY_ON))
    else:
        reasons.append(await _closed(session, waiter.demand, now))
    if ticket.state == TicketState.HELD and ticket.held_until is not None:
        reasons.insert(0, Reason(Why.HELD, {"until": ticket.held_until}))
    names = await _org_names(session, {reason.params.get("org") for reason in reasons} - {None})
    return Standing(ticket, outlook(ticket, sight), reasons, names)


async def may_ask(session: AsyncSession, principal: Resident | Staff, ticket: Ticket) -> bool:
    """Whether it is one's own, or one serves one of the queues that may serve it, or leads one."""
    codes = {wire["org_code"] for wire in ticket.reach[1:]} - {ticket.serving_org_code}
    paths = [ticket.serving_org_path]
    if codes and isinstance(principal, Staff):
        query = select(col(OrgUnit.path)).where(col(OrgUnit.code).in_(codes))
        paths += (await session.execute(query)).scalars()
    return any(
        can(
            principal,
            Action.TICKET_READ,
            Resource(
                kind="ticket",
                owner_org_path=ticket.place_path,
                serving_org_path=path,
                resident_id=ticket.resident_id,
            ),
        )
        for path in paths
    )


def of_place(waiter: Waiter, sight: Sight) -> list[Reason]:
    """Why it stands before and behind others of its queue. Pure.

    Those ahead are either earlier or counted once among those who passed by, under the first of
    their reasons.
    """
    before = sight.before(waiter)
    later = [other for other in before if other.since > waiter.since]
    if not before:
        found = [Reason(Why.NEXT)]
    else:
        earlier = len(before) - len(later)
        found = [Reason(Why.FIRST_COME, {"ahead": len(before), "earlier": earlier})]
    counts = Counter(reason for other in later for reason in in_order(other.priority)[:1])
    found += [
        Reason(Why.PASSED_BY, {"count": counts[reason], "reason": reason})
        for reason in in_order(counts)
    ]
    if guests := sum(1 for other in before if other.demand.own != waiter.demand.own):
        found.append(Reason(Why.LET_IN, {"count": guests}))
    seconds = round((waiter.since - waiter.rank[0]).total_seconds())
    if seconds > 0:
        passed = sight.passed(waiter)
        why = Why.HEAD_START if passed else Why.HEAD_START_UNUSED
        params = {"seconds": seconds, "reasons": in_order(waiter.priority), "passed": passed}
        found.append(Reason(why, params))
    return found


def words(reason: Reason, language: str, org_names: Mapping[str, Mapping[str, str]]) -> str:
    """The sentence of a reason. Pure. Moments are told in local time, head starts in minutes."""
    known = sentences(SUBJECT, language)
    params: dict[str, Any] = {
        name: known["moment"].format(moment=value.astimezone(BUSINESS_ZONE))
        if isinstance(value, dt.datetime)
        else value
        for name, value in reason.params.items()
    }
    if "reason" in params:
        params["reason"] = known[f"reason_{params['reason']}"]
    if "reasons" in params:
        of_each = [known[f"reason_{one}"] for one in params["reasons"]]
        params["reasons"] = known["between_reasons"].join(of_each)
    if "seconds" in params:
        params["minutes"] = f"{params['seconds'] / 60:.3g}"
    if "org" in params:
        params["org"] = org_names.get(params["org"], {}).get(language, params["org"])
    return known[_sentence(reason)].format_map(params)


def _sentence(reason: Reason) -> str:
    """Which sentence tells it: a count of all or of none reads badly."""
    if reason.code != Why.FIRST_COME:
        return reason.code
    ahead, earlier = reason.params["ahead"], reason.params["earlier"]
    if earlier == ahead:
        return "first_come_all"
    return reason.code if earlier else "first_come_none"


def _of_windows(demand: Demand) -> list[Reason]:
    """Which windows overflow rules have opened to it besides those of its own queue."""
    own, found = demand.reach[0], []
    for reach in demand.reach[1:]:
        params = {"rule": reach.rule, "org": reach.org_code}
        if reach.help_desk:
            found.append(Reason(Why.OVERFLOW_HELP_DESK, params))
        elif reach.queue == own.queue:
            found.append(Reason(Why.OVERFLOW_LANGUAGE, {"rule": reach.rule}))
        else:
            found.append(Reason(Why.OVERFLOW, params))
    return found


def _on_duty(demand: Demand, sight: Sight) -> Reason:
    able = sight.able(demand)
    free = sum(1 for worker in sight.workers if worker.free and worker.account_id in able)
    return Reason(Why.ON_DUTY, {"agents": len(able), "free": free})


async def _closed(session: AsyncSession, demand: Demand, now: dt.datetime) -> Reason:
    desks = [
        desk
        for desk in await read_desks(session, now)
        if any(reach.takes(desk.window) for reach in demand.reach)
    ]
    opens_at = opening_of(desks, now).opens_at
    if opens_at is None:
        return Reason(Why.SERVICE_CLOSED)
    return Reason(Why.SERVICE_CLOSED_UNTIL, {"opens_at": opens_at})


def _elsewhere(ticket: Ticket) -> Reason:
    """Of a ticket that is in no queue."""
    match ticket.state:
        case TicketState.OFFERED:
            return Reason(Why.OFFERED)
        case TicketState.SERVING:
            return Reason(Why.SERVING)
        case TicketState.CLOSED_OUT_OF_HOURS:
            return Reason(Why.SERVICE_CLOSED)
        case TicketState.CALLBACK | TicketState.BOOKED if ticket.due_at is not None:
            return Reason(Why(ticket.state), {"due_at": ticket.due_at})
        case _:
            return Reason(Why.OVER)


async def _org_names(session: AsyncSession, codes: Collection[Any]) -> dict[str, dict[str, str]]:
    if not codes:
        return {}
    query = select(col(OrgUnit.code), col(OrgUnit.name_zh), col(OrgUnit.name_en))
    rows = await session.execute(query.where(col(OrgUnit.code).in_(codes)))
    return {code: {"zh-CN": name_zh, "en": name_en} for code, name_zh, name_en in rows}
