"""Which organisation's queue a ticket joins, and what it asks of an agent. Pure."""

from collections.abc import Container, Sequence
from typing import Final
from uuid import UUID

from server.catalogue.tables import ServiceItem, Subject
from server.infrastructure.clock import wire_time
from server.infrastructure.errors import Conflict
from server.organisations.hours import Opening
from server.organisations.tables import Channel, Level, OrgUnit, Window
from server.tickets.reach import Reach, language_asked

CHANNEL_LETTERS = {"district": "A", "street_town": "B", "yangtze_delta": "C"}

# What enterprises need is done at the district's centre, what persons need in their street-town.
PREFERRED_LEVEL: Final = {
    Subject.ENTERPRISE: Level.DISTRICT,
    Subject.PERSON: Level.STREET_TOWN,
}


class NoWindowServes(Conflict):
    """No window of any organisation has the item's channel and skills."""

    def __init__(self, item_code: str) -> None:
        super().__init__("no_window_serves", item=item_code)


class WindowsClosed(Conflict):
    """Every window that could serve is closed. callback, appointment: whether these can be asked
    for; for an appointment it has to be known when a window opens."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(
            "windows_closed",
            opens_at=wire_time(opening.opens_at),
            reason=opening.reason,
            callback=True,
            appointment=opening.opens_at is not None,
        )


def serving_org(
    item: ServiceItem,
    place_line: Sequence[OrgUnit],
    able: Sequence[tuple[Window, OrgUnit]],
    open_ids: Container[UUID] | None = None,
) -> OrgUnit:
    """The organisation whose queue a ticket joins.

    place_line: the kiosk's place and its ancestors, nearest first. able: windows that have the
    item's channel and skills; open_ids: those of them that are open, None is all. The first
    choice that has an open window serves; if none has, the first choice is still whose queue it
    is, and overflow rules say who else may serve it. Raises NoWindowServes.
    """
    choices = _choices(item, place_line, able)
    if not choices:
        raise NoWindowServes(item.code)
    if open_ids is not None:
        staffed = {org.id for window, org in able if window.id in open_ids}
        for org in choices:
            if org.id in staffed:
                return org
    return choices[0]


def own_reach(item: ServiceItem, org: OrgUnit, language: str) -> Reach:
    """The queue of `org` for `item`, for a resident whose page speaks `language`."""
    skills = frozenset(item.skills)
    return Reach(item.channel, org.id, org.code, skills, language_asked(language))


def _choices(
    item: ServiceItem, place_line: Sequence[OrgUnit], able: Sequence[tuple[Window, OrgUnit]]
) -> list[OrgUnit]:
    """Who may have the ticket in its queue, the best first.

    Of the place's own line: by the item's subject, then the nearest. A Yangtze-Delta item goes to
    its own partner window before, and to any other one after that. Somebody else's street-town is
    only asked where none of the own line has such a window at all.
    """
    orgs = {org.id: org for _, org in able}
    distance = {org.id: steps for steps, org in enumerate(place_line)}
    level = PREFERRED_LEVEL[Subject(item.subject)]
    own = sorted(
        (org for org in orgs.values() if org.id in distance),
        key=lambda org: (org.level != level, distance[org.id]),
    )
    others = sorted(
        (org for org in orgs.values() if org.id not in distance),
        key=lambda org: (org.level != level, org.code),
    )
    if item.channel != Channel.YANGTZE_DELTA:
        return own or others
    partner = [org for window, org in able if window.code == item.default_partner_window]
    return list({org.id: org for org in (*partner, *own, *others)}.values())
