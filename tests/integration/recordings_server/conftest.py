"""A furnished house for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.visits import House, furnished_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with furnished_house(tmp_path) as house:
        yield house
