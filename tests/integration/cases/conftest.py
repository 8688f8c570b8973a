"""A furnished house for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.visits import House, furnished_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with furnished_house(tmp_path) as house:
        yield house


@pytest.fixture
async def either_house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    """On SQLite, and once more on PostgreSQL: for what the two do differently."""
    async with furnished_house(tmp_path, database_url) as house:
        yield house
