"""The catalogue by HTTP, open to residents and staff alike."""

from server.catalogue.schemas import ItemDetailOut, ItemOut, ItemsOut
from server.catalogue.service import Catalogue
from server.infrastructure.http.routing import Access, Call, Route


def routes(catalogue: Catalogue) -> list[Route]:
    async def items(call: Call) -> ItemsOut:
        """All items, in the catalogue's order."""
        return ItemsOut(items=[ItemOut.of(item) for item in await catalogue.items()])

    async def item(call: Call) -> ItemDetailOut:
        """One item: materials, guide, limits, form."""
        return ItemDetailOut.of(await catalogue.item(call.text("code")))

    known = Access.ANYONE_KNOWN
    return [
        Route("GET", "/catalogue/items", items, known, answer=ItemsOut),
        Route("GET", "/catalogue/items/{code}", item, known, answer=ItemDetailOut),
    ]
