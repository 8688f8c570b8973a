"""Alarms of whole queues: somebody waits and nobody is on, or too few answers come in time."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import String, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from server.infrastructure.settings import Settings
from server.service_level.alarms import NewAlarm
from server.service_level.measures import seconds_between
from server.service_level.tables import AlarmKind
from server.tickets.overflow.rules import Scene
from server.tickets.overflow.scene import read_scene
from server.tickets.reach import Reach
from server.tickets.states import TicketKind, TicketState
from server.tickets.tables import Ticket

LOOKS_BACK: Final = dt.timedelta(hours=2)  # older answers say nothing of how it goes now


@dataclass(frozen=True, slots=True)
class Waiters:
    """Those of a queue who wait for the same windows. since: the one who waits longest."""

    channel: str
    org_code: str
    org_path: str
    place_path: str
    reach: tuple[Reach, ...]
    since: dt.datetime


async def unattended(session: AsyncSession, now: dt.datetime, seconds: int) -> list[NewAlarm]:
    """An alarm for each queue in which somebody has waited so long with nobody able on duty."""
    waiters = await _waiters(session)
    if not waiters:
        return []
    return alone(waiters, await read_scene(session, now), now - dt.timedelta(seconds=seconds))


def alone(waiters: Iterable[Waiters], scene: Scene, before: dt.datetime) -> list[NewAlarm]:
    """An alarm for each queue where somebody waits, and nobody has been on, since `before`. Pure.

    It is told to the organisation that serves and, where all of them are of one, to theirs.
    """
    places: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for some in waiters:
        nobody_since = scene.nobody_on_since(some.reach)
        if nobody_since is not None and max(nobody_since, some.since) <= before:
            places[some.channel, some.org_code, some.org_path].append(some.place_path)
    return [
        NewAlarm(
            AlarmKind.NOBODY_ON,
            f"{channel}:{code}",
            code,
            path,
            common_path(found),
            channel,
        )
        for (channel, code, path), found in places.items()
    ]


def common_path(paths: Iterable[str]) -> str | None:
    """The organisation in which all of `paths` lie; None where it takes more than one. Pure."""
    lines = [path.strip("/").split("/") for path in paths]
    shared = []
    for codes in zip(*lines, strict=False):
        if len(set(codes)) > 1:
            break
        shared.append(codes[0])
    return f"/{'/'.join(shared)}/" if shared else None


async def low_levels(session: AsyncSession, now: dt.datetime, settings: Settings) -> list[NewAlarm]:
    """An alarm for each queue of whose last answers too few came in time.

    A queue with fewer answers in the last two hours is not judged.
    """
    wait = seconds_between(col(Ticket.clock_at), col(Ticket.first_answered_at))
    queue = (col(Ticket.channel), col(Ticket.serving_org_code), col(Ticket.serving_org_path))
    newest = func.row_number().over(
        partition_by=queue[:2], order_by=col(Ticket.first_answered_at).desc()
    )
    last = (
        select(*queue, wait.label("wait"), newest.label("newest"))
        .where(col(Ticket.first_answered_at) >= now - LOOKS_BACK, col(Ticket.clock_at).is_not(None))
        .subquery()
    )
    within = func.count(case((last.c.wait <= settings.answer_seconds, 1)))
    query = (
        select(last.c.channel, last.c.serving_org_code, last.c.serving_org_path, within)
        .where(last.c.newest <= settings.level_low_answers)
        .group_by(last.c.channel, last.c.serving_org_code, last.c.serving_org_path)
        .having(func.count() == settings.level_low_answers)
    )
    return [
        NewAlarm(AlarmKind.LEVEL_LOW, f"{channel}:{code}", code, path, channel=channel)
        for channel, code, path, in_time in await session.execute(query)
        if in_time < settings.level_low_share * settings.level_low_answers
    ]


async def _waiters(session: AsyncSession) -> list[Waiters]:
    # JSON can't be compared on PostgreSQL; grouped as text, it is read as JSON again.
    reach = cast(col(Ticket.reach), String)
    group = (
        col(Ticket.channel),
        col(Ticket.serving_org_code),
        col(Ticket.serving_org_path),
        col(Ticket.place_path),
        reach,
    )
    query = (
        select(*group, func.min(Ticket.waiting_since))
        # A hall's numbers are called to its own counters.
        .where(col(Ticket.state) == TicketState.WAITING, col(Ticket.kind) != TicketKind.HALL)
        .group_by(*group)
    )
    return [
        Waiters(channel, code, path, place, tuple(map(Reach.of, json.loads(wire))), since)
        for channel, code, path, place, wire, since in await session.execute(query)
    ]
