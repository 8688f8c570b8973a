"""Which overflow rules are due for a ticket, and which queues they open to it. Pure.

A rule is due after so many seconds of waiting, or once nobody who is able has been on duty for so
many seconds of it. Rules are looked at in their order, each over what those before it have opened:
a help desk is not asked while a window that was reached before has somebody on. What was opened
stays open.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from server.organisations.tables import Channel, OverflowRule, Widening
from server.tickets.reach import Reach, queue_key

Reaches = tuple[Reach, ...]
LONG_AGO: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Rule:
    """An OverflowRule that is in force."""

    code: str
    position: int
    channel: str | None
    org_path: str
    item_code: str | None
    after_seconds: int | None
    nobody_on_seconds: int | None
    widening: str

    @classmethod
    def of(cls, row: OverflowRule) -> "Rule":
        return cls(
            code=row.code,
            position=row.position,
            channel=row.channel,
            org_path=row.org_path,
            item_code=row.item_code,
            after_seconds=row.after_seconds,
            nobody_on_seconds=row.nobody_on_seconds,
            widening=row.widening,
        )

    def concerns(self, waiter: "Waiter") -> bool:
        return (
            self.channel in (None, waiter.reach[0].channel)
            and self.item_code in (None, waiter.item_code)
            and waiter.place_path.startswith(self.org_path)
        )


@dataclass(frozen=True, slots=True)
class Waiter:
    """A ticket that waits. reach: never empty, its own queue first; skills: what its item asks."""

    item_code: str
    place_path: str
    skills: frozenset[str]
    reach: Reaches
    waiting_since: dt.datetime


@dataclass(frozen=True, slots=True)
class Counter:
    """A window, as far as overflow looks at it."""

    window_id: UUID
    channel: str
    org_id: UUID
    org_code: str
    org_path: str
    skills: frozenset[str]
    help_desk: bool
    open: bool

    @property
    def queue(self) -> str:
        return queue_key(self.channel, self.org_code, help_desk=self.help_desk)


@dataclass(frozen=True, slots=True)
class Crew:
    """Those at a window who speak the same languages.

    on: whether somebody of them is on duty. left_at: when the last who is not left the desk.
    """

    window_id: UUID
    speaks: frozenset[str]
    on: bool
    left_at: dt.datetime = LONG_AGO


@dataclass(frozen=True)
class Scene:
    """All windows and who is at them, at one moment.

    district_paths: of the organisations that are districts. Thousands of tickets ask the same of a
    scene: it remembers its answers.
    """

    counters: Sequence[Counter]
    crews: Mapping[UUID, Sequence[Crew]] = field(default_factory=dict)
    district_paths: Sequence[str] = ()
    _alone: dict[Reaches, dt.datetime | None] = field(default_factory=dict, repr=False)
    _opened: dict[tuple[str, str, Reaches], Reaches] = field(default_factory=dict, repr=False)

    def district_of(self, path: str) -> str | None:
        """The path of the district that `path` lies in."""
        found = [one for one in self.district_paths if path.startswith(one)]
        return max(found, key=len, default=None)

    def is_open(self, reaches: Iterable[Reach]) -> bool:
        """Whether a window that may serve one of them is open."""
        return any(one.open and reach.takes(one) for reach in reaches for one in self.counters)

    def nobody_on_since(self, reaches: Reaches) -> dt.datetime | None:
        """Since when nobody is on duty at an open window who is able; None while somebody is."""
        if reaches not in self._alone:
            self._alone[reaches] = self._find_nobody_on_since(reaches)
        return self._alone[reaches]

    def opened_by(self, rule: "Rule", waiter: "Waiter") -> Reaches:
        """The queues with an open window that `rule` opens, less those reached already."""
        key = (rule.code, waiter.place_path, waiter.reach)
        if key not in self._opened:
            self._opened[key] = tuple(_targets(rule, waiter, self))
        return self._opened[key]

    def _find_nobody_on_since(self, reaches: Reaches) -> dt.datetime | None:
        since = LONG_AGO
        for reach in reaches:
            for counter in self.counters:
                if not reach.takes(counter):
                    continue
                for crew in self.crews.get(counter.window_id, ()):
                    if reach.understands(crew.speaks):
                        if crew.on and counter.open:
                            return None
                        since = max(since, crew.left_at)
        return since


@dataclass(frozen=True, slots=True)
class Decision:
    """opened: entries to be added to a ticket's reach. next_at: when time alone makes the next rule
    due, as far as is known now; None if it does not."""

    opened: Reaches
    next_at: dt.datetime | None


def decide(waiter: Waiter, rules: Sequence[Rule], scene: Scene, now: dt.datetime) -> Decision:
    """What the rules, in their order, open to `waiter` now.

    They are gone through again until they open nothing more: what a later one has opened may be
    what an earlier one asks for.
    """
    opened: Reaches = ()
    while True:
        more = _decide_once(replace(waiter, reach=(*waiter.reach, *opened)), rules, scene, now)
        opened += more.opened
        if not more.opened:
            return Decision(opened, more.next_at)


def _decide_once(waiter: Waiter, rules: Sequence[Rule], scene: Scene, now: dt.datetime) -> Decision:
    reach = waiter.reach
    opened: list[Reach] = []
    next_at: dt.datetime | None = None
    for rule in rules:
        if not rule.concerns(waiter):
            continue
        targets = scene.opened_by(rule, replace(waiter, reach=reach))
        if not targets:
            continue
        due_at = _due_at(rule, waiter.waiting_since, reach, scene)
        if due_at is None:
            continue
        if due_at <= now:
            opened += targets
            reach = (*reach, *targets)
        elif next_at is None or due_at < next_at:
            next_at = due_at
    return Decision(tuple(opened), next_at)


def may_be_served(waiter: Waiter, rules: Sequence[Rule], scene: Scene) -> bool:
    """Whether a window is open that may serve `waiter`, now or once rules have opened it."""
    if scene.is_open(waiter.reach):
        return True
    return any(scene.opened_by(rule, waiter) for rule in rules if rule.concerns(waiter))


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    return sorted(rules, key=lambda rule: (rule.position, rule.code))


def _due_at(
    rule: Rule, waiting_since: dt.datetime, reach: Reaches, scene: Scene
) -> dt.datetime | None:
    """The moment at which it is due, if nothing changes until then."""
    moments = []
    if rule.after_seconds is not None:
        moments.append(waiting_since + dt.timedelta(seconds=rule.after_seconds))
    if rule.nobody_on_seconds is not None:
        alone_since = scene.nobody_on_since(reach)
        if alone_since is not None:
            since = max(waiting_since, alone_since)
            moments.append(since + dt.timedelta(seconds=rule.nobody_on_seconds))
    return min(moments, default=None)


def _targets(rule: Rule, waiter: Waiter, scene: Scene) -> Iterator[Reach]:
    known = {replace(one, rule=None) for one in waiter.reach}
    for found in _widened(rule, waiter, scene):
        if found not in known:
            known.add(found)
            yield replace(found, rule=rule.code)


def _widened(rule: Rule, waiter: Waiter, scene: Scene) -> Iterator[Reach]:
    own = waiter.reach[0]
    if rule.widening == Widening.LANGUAGE:
        for one in waiter.reach:
            if one.language is not None and scene.is_open([replace(one, language=None)]):
                yield replace(one, language=None, rule=None)
        return
    # Once agents who do not speak the language may serve it, they may elsewhere too.
    language = None if any(one.language is None for one in waiter.reach) else own.language
    district = scene.district_of(waiter.place_path)
    for counter in scene.counters:
        if not counter.open:
            continue
        reach = Reach(
            counter.channel,
            counter.org_id,
            counter.org_code,
            frozenset() if rule.widening == Widening.HELP_DESK else waiter.skills,
            language,
            help_desk=rule.widening == Widening.HELP_DESK,
        )
        if reach.takes(counter) and _lies_right(rule.widening, counter, own, district):
            yield reach


def _lies_right(widening: str, counter: Counter, own: Reach, district: str | None) -> bool:
    """Whether a window stands where a widening looks for one."""
    if widening == Widening.SAME_SKILL:
        if counter.channel != own.channel or counter.org_id == own.org_id:
            return False
        # The delta's windows stand in other provinces; all others serve their own district.
        if counter.channel == Channel.YANGTZE_DELTA:
            return True
        return district is not None and counter.org_path.startswith(district)
    return counter.org_path == district
