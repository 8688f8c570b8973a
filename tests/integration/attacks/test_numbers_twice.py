"""A resident never holds two places, whatever is undone."""

import pytest

from server.infrastructure.errors import Conflict
from tests.integration.attacks.conftest import Line


async def test_an_old_number_does_not_come_back_beside_a_new_one(line: Line) -> None:
    resident, item = await line.resident(), await line.item("district")
    old, _ = await line.tickets.take(resident, item)
    await line.tickets.cancel(resident, old.id)
    new, _ = await line.tickets.take(resident, item)

    with pytest.raises(Conflict) as refused:
        await line.tickets.restore(resident, old.id)

    assert refused.value.code == "ticket_already_open"
    assert refused.value.params["ticket_id"] == str(new.id)
    assert (await line.ticket(old.id)).state == "cancelled"
