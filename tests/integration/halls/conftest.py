"""People who leave queues and desks empty when their test is over."""

from collections.abc import AsyncIterator

import pytest

from tests.support.api_people import ApiPeople, api_people


@pytest.fixture
async def people() -> AsyncIterator[ApiPeople]:
    async with api_people() as made:
        yield made
        await made.go_home()
