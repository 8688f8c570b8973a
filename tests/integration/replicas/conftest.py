"""Two replicas, with a PostgreSQL of their own that a test may restart."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.api_people import ApiPeople, api_people
from tests.support.databases import Postgresql
from tests.support.replicas import House, running_replicas
from tests.support.roaming import roamers
from tests.support.row_locks import HeldRows, held_rows
from tests.support.scene import OpenScene, Scene, Watch, Where, open_scene

SETTINGS = {
    "VIRTUAL_WINDOW_OFFER_LEASE_SECONDS": "120",
    "VIRTUAL_WINDOW_PLACE_KEPT_SECONDS": "300",
    "VIRTUAL_WINDOW_UNDO_SECONDS": "300",
    "VIRTUAL_WINDOW_WRAP_UP_SECONDS": "300",
    # Longer than the replica of a page is away: then nobody is taken for gone.
    "VIRTUAL_WINDOW_PRESENCE_GRACE_SECONDS": "14",
}


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    # Not below pytest's own folder: that is closed to the cluster's user.
    with tempfile.TemporaryDirectory(prefix="virtual-window-postgresql-") as folder:
        cluster = Postgresql(Path(folder))
        try:
            cluster.start()
            url = cluster.new_database()
            made = tmp_path_factory.mktemp("replicas")
            with running_replicas(made, url, settings=tuple(SETTINGS.items())) as replicas:
                yield House(cluster, url, replicas)
        finally:
            cluster.stop()


@pytest.fixture
async def people(house: House) -> AsyncIterator[ApiPeople]:
    async with api_people(roamers(house.replicas.urls)) as made:
        yield made
        await made.go_home()


@pytest.fixture
async def held(house: House) -> AsyncIterator[HeldRows]:
    async with held_rows(house.database_url) as rows:
        yield rows


@pytest.fixture
async def scene(house: House, people: ApiPeople) -> AsyncIterator[OpenScene]:
    """Opens the scene; while it lasts, what always holds is looked at again and again."""
    watch = Watch(house.database_url)
    watching = asyncio.create_task(watch.run(), name="watch")

    async def opened(where: Where) -> Scene:
        return await open_scene(people, where, house.database_url)

    try:
        yield opened
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    assert watch.found == set()
    assert watch.looks > 2
    assert house.refusals() == []
