"""Finding service items. Nothing is cached: an administrator's change counts at once."""

from collections.abc import Sequence

from sqlalchemy.orm import defer
from sqlmodel import col, select

from server.catalogue.tables import ServiceItem
from server.infrastructure.errors import NotFound
from server.infrastructure.work import Work


class Catalogue:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def item(self, code: str) -> ServiceItem:
        """The item of that code. Raises NotFound `item_unknown`."""
        async with self._work.read() as session:
            item = await session.get(ServiceItem, code)
        if item is None:
            raise NotFound("item_unknown", item=code)
        return item

    async def items(self) -> Sequence[ServiceItem]:
        """All items in the catalogue's order, without their documents."""
        query = (
            select(ServiceItem)
            .options(defer(ServiceItem.document, raiseload=True))  # type: ignore[arg-type]
            .order_by(col(ServiceItem.position))
        )
        async with self._work.read() as session:
            return (await session.execute(query)).scalars().all()
