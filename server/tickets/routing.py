"""Which organisation serves an item for a place, and which windows are able to."""

from collections.abc import Sequence

from server.catalogue.tables import ServiceItem
from server.infrastructure.errors import Conflict
from server.organisations.tables import OrgUnit, Window

CHANNEL_LETTERS = {"district": "A", "street_town": "B", "yangtze_delta": "C"}


class NoWindowServes(Conflict):
    """No window of any organisation has the item's channel and skills."""

    def __init__(self, item_code: str) -> None:
        super().__init__("no_window_serves", item=item_code)


def serving_org(
    item: ServiceItem, place_line: Sequence[OrgUnit], able: Sequence[tuple[Window, OrgUnit]]
) -> OrgUnit:
    """The organisation whose queue a ticket joins.

    place_line: the kiosk's place and its ancestors, nearest first. able: windows that have the
    item's channel and skills. A Yangtze-Delta item goes to its own partner window, any other to
    the nearest organisation that has an able window. Raises NoWindowServes.
    """
    if not able:
        raise NoWindowServes(item.code)
    if item.channel == "yangtze_delta":
        for window, org in able:
            if window.code == item.default_partner_window:
                return org
    by_id = {org.id: org for _, org in able}
    for place in place_line:
        if place.id in by_id:
            return by_id[place.id]
    return min(by_id.values(), key=lambda org: org.code)
