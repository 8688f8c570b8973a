"""A seeded database, the subjects over it with a Valkey, and HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.caches import Valkey
from tests.support.subjects import Browser, Subjects, browser, seeded_settings, served, subjects


@pytest.fixture
async def parts(tmp_path: Path, valkey: Valkey) -> AsyncIterator[Subjects]:
    settings = await seeded_settings(tmp_path, redis_url=valkey.url)
    async with subjects(settings) as made:
        yield made


@pytest.fixture
async def base(parts: Subjects) -> AsyncIterator[str]:
    """The address of a server with the subjects' routes."""
    async with served(parts) as address:
        yield address


@pytest.fixture
async def person(base: str) -> AsyncIterator[Browser]:
    async with browser(base) as made:
        yield made


@pytest.fixture
async def stranger(base: str) -> AsyncIterator[Browser]:
    """Another person's browser."""
    async with browser(base) as made:
        yield made
