"""A list shows exactly what a look would: `visible` as SQL agrees with `can`, row by row."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    MetaData,
    String,
    Table,
    Uuid,
    create_engine,
    delete,
    exists,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import create_async_engine

from server.identity.permissions import Action, Resource, ResourceColumns, can, visible
from server.identity.principals import Grant, Principal, Resident, Role, Staff
from tests.support.databases import Postgresql

METADATA = MetaData()
THINGS = Table(
    "thing",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("owner_org_path", String(400), nullable=False),
    Column("serving_org_path", String(400)),
    Column("resident_id", Uuid),
)
ENGAGEMENTS = Table(
    "thing_engagement",
    METADATA,
    Column("thing_id", Uuid, ForeignKey("thing.id"), primary_key=True),
    Column("account_id", Uuid, primary_key=True),
)


def engaged(account_id: UUID) -> Any:
    return exists().where(
        ENGAGEMENTS.c.thing_id == THINGS.c.id, ENGAGEMENTS.c.account_id == account_id
    )


COLUMNS = ResourceColumns(
    owner_org_path=THINGS.c.owner_org_path,
    serving_org_path=THINGS.c.serving_org_path,
    resident_id=THINGS.c.resident_id,
    engaged=engaged,
)

# Few and alike, so that they meet: prefixes, case, and what LIKE would take for a pattern.
PATHS = st.sampled_from(
    ["/a/", "/a/b/", "/a/b/c/", "/a/bb/", "/A/", "/A/b/", "/a_/", "/ab/", "/a%/", "/%/", "/x/"]
)
PEOPLE = st.sampled_from([UUID(int=number) for number in range(1, 4)])
GRANTS = st.builds(Grant, role=st.sampled_from(Role), org_path=PATHS)
RESOURCES = st.builds(
    Resource,
    kind=st.just("thing"),
    owner_org_path=PATHS,
    serving_org_path=st.none() | PATHS,
    resident_id=st.none() | PEOPLE,
    account_ids=st.frozensets(PEOPLE),
)
PRINCIPALS: st.SearchStrategy[Principal] = st.one_of(
    st.builds(
        Staff,
        account_id=PEOPLE,
        login_session_id=PEOPLE,
        username=st.just("somebody"),
        org_id=PEOPLE,
        org_code=st.just("a"),
        org_path=PATHS,
        grants=st.lists(GRANTS, max_size=3).map(tuple),
        window_ids=st.just(()),
        kind=st.just("staff"),
    ),
    st.builds(
        Resident,
        resident_id=PEOPLE,
        org_id=PEOPLE,
        org_code=st.just("a"),
        org_path=PATHS,
        language=st.just("en"),
        consent_version=st.none(),
        kind=st.just("resident"),
    ),
)


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    yield engine
    engine.dispose()


class PostgresqlThings:
    """The same tables in PostgreSQL; its driver is asynchronous, hypothesis is not."""

    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._engine = create_async_engine(url)
        self._runner.run(self._on_connection(METADATA.create_all))

    def check(self, principal: Principal, resources: list[Resource]) -> None:
        self._runner.run(self._on_connection(lambda link: check(link, principal, resources)))

    def close(self) -> None:
        self._runner.run(self._engine.dispose())
        self._runner.close()

    async def _on_connection(self, call: Callable[[Connection], None]) -> None:
        async with self._engine.begin() as connection:
            await connection.run_sync(call)


@pytest.fixture(scope="module")
def postgresql_things(postgresql_cluster: Postgresql) -> Iterator[PostgresqlThings]:
    things = PostgresqlThings(postgresql_cluster.new_database())
    yield things
    things.close()


def fill(connection: Connection, resources: list[Resource]) -> dict[UUID, Resource]:
    connection.execute(delete(ENGAGEMENTS))
    connection.execute(delete(THINGS))
    rows = {UUID(int=number): resource for number, resource in enumerate(resources, start=100)}
    things = [
        {
            "id": key,
            "owner_org_path": resource.owner_org_path,
            "serving_org_path": resource.serving_org_path,
            "resident_id": resource.resident_id,
        }
        for key, resource in rows.items()
    ]
    engagements = [
        {"thing_id": key, "account_id": account_id}
        for key, resource in rows.items()
        for account_id in resource.account_ids
    ]
    if things:
        connection.execute(insert(THINGS), things)
    if engagements:
        connection.execute(insert(ENGAGEMENTS), engagements)
    return rows


def check(connection: Connection, principal: Principal, resources: list[Resource]) -> None:
    rows = fill(connection, resources)
    for action in Action:
        query = select(THINGS.c.id).where(visible(principal, action, COLUMNS))
        shown = set(connection.execute(query).scalars())
        allowed = {key for key, resource in rows.items() if can(principal, action, resource)}
        assert shown == allowed, action


@given(principal=PRINCIPALS, resources=st.lists(RESOURCES, max_size=8))
def test_sqlite_shows_what_can_allows(
    sqlite: Engine, principal: Principal, resources: list[Resource]
) -> None:
    with sqlite.begin() as connection:
        check(connection, principal, resources)


@pytest.mark.postgresql
@given(principal=PRINCIPALS, resources=st.lists(RESOURCES, max_size=8))
def test_postgresql_shows_what_can_allows(
    postgresql_things: PostgresqlThings, principal: Principal, resources: list[Resource]
) -> None:
    postgresql_things.check(principal, resources)


@given(principal=PRINCIPALS, resources=st.lists(RESOURCES, max_size=8))
def test_columns_that_a_query_leaves_out_show_nothing_more(
    sqlite: Engine, principal: Principal, resources: list[Resource]
) -> None:
    columns = ResourceColumns(owner_org_path=THINGS.c.owner_org_path)
    with sqlite.begin() as connection:
        rows = fill(connection, resources)
        for action in Action:
            query = select(THINGS.c.id).where(visible(principal, action, columns))
            for key in connection.execute(query).scalars():
                assert can(principal, action, rows[key])
