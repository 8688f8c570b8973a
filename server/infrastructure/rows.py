"""Saves a row only if it still is as it was read: of two that race, one changes nothing."""

from typing import Any, Protocol

from sqlalchemy import inspect, update
from sqlalchemy.orm import Mapper

from server.infrastructure.errors import Raced
from server.infrastructure.work import Transaction


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int


async def save_if_unchanged(tx: Transaction, row: Versioned, **values: Any) -> None:
    """Write `values` and the next version, told by primary key, version and state as read.

    The row then holds what the database does. Raises Raced if somebody else was quicker.
    """
    table = type(row)
    mapper: Mapper[Any] = inspect(table)
    key = [column == getattr(row, str(column.key)) for column in mapper.primary_key]
    if "state" in mapper.columns:
        key.append(mapper.columns["state"] == getattr(row, "state"))  # noqa: B009 - not all have one
    # By column: a column may bear the name of an argument of `values`.
    columns = {mapper.columns[name]: value for name, value in values.items()}
    statement = (
        update(table)
        .where(*key, mapper.columns["version"] == row.version)
        .values({**columns, mapper.columns["version"]: row.version + 1})
        .execution_options(synchronize_session=False)
    )
    result: Any = await tx.session.execute(statement)
    if result.rowcount != 1:
        raise Raced(mapper.class_.__name__.lower())
    await tx.session.refresh(row)
