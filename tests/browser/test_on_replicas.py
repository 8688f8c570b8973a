"""The same line by configuration alone on PostgreSQL, a Redis apart, a bucket and two replicas."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import Postgresql
from tests.support.invariants import read_rows, violations
from tests.support.object_stores import ObjectStore, kept_at
from tests.support.people import People
from tests.support.replicas import Replicas, running_replicas
from tests.support.whole_line import served_from_number_to_recording

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.timeout(300)]


@pytest.fixture
def database(postgresql_cluster: Postgresql) -> str:
    return postgresql_cluster.new_database()


@pytest.fixture
def bucket(object_store: ObjectStore) -> str:
    return object_store.new_bucket()


@pytest.fixture
def replicas(
    tmp_path: Path, database: str, object_store: ObjectStore, bucket: str
) -> Iterator[Replicas]:
    folder = tmp_path / "replicas"
    folder.mkdir()
    settings = tuple(object_store.environment(bucket).items())
    with running_replicas(folder, database, settings=settings) as running:
        yield running
        errors = [line for line in running.output.splitlines() if '"level": "error"' in line]
        assert errors == []


async def test_resident_at_one_replica_is_served_by_an_agent_at_the_other(
    replicas: Replicas, people: People, tmp_path: Path, database: str, bucket: str
) -> None:
    kiosk, console = replicas.applications
    await served_from_number_to_recording(people, tmp_path, kiosk=kiosk, console=console)

    assert violations(await read_rows(database)) == []
    blobs = tmp_path / "replicas" / "data" / "blobs"
    assert [path for path in blobs.rglob("*") if path.is_file()] == []  # all are in the bucket
    kept = await kept_at(bucket)
    assert {key.split("/")[0] for key in kept} == {"materials", "recordings"}
    assert sum(key.endswith(".webm") for key in kept) == 2
