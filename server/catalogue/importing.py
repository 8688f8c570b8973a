"""Takes an item's entry, as offices hand it in, into a row of the catalogue."""

from typing import Any

from server.catalogue.initials import initials_of
from server.catalogue.schemas import ItemDetailOut
from server.catalogue.tables import ServiceItem


def item_of(document: dict[str, Any], position: int) -> ServiceItem:
    """A row for `document`, an entry in the shape of `items.json`.

    Raises KeyError or pydantic's ValidationError for an entry that pages could not show.
    """
    name = document["name"]
    item = ServiceItem(
        code=document["code"],
        position=position,
        name_zh=name["zh-CN"],
        name_en=name["en"],
        initials=initials_of(name["zh-CN"]),
        channel=document["channel"],
        subject=document["subject"],
        skills=list(document["skills"]),
        high_frequency=document["high_frequency"],
        handling_minutes=document["handling_minutes"]["value"],
        wrap_up_seconds=document.get("wrap_up_seconds", {}).get("value"),
        promised_working_days=document["limits"]["promised"]["working_days"],
        fee_fen=document["fee"]["amount_fen"],
        default_partner_window=document.get("default_partner_window"),
        document=document,
    )
    # table=True models check nothing when made.
    ItemDetailOut.of(item)
    return item
