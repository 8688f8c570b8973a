"""Saves a row only if it still is as it was read: of two that race, one changes nothing."""

from functools import cache
from typing import Any, Protocol, cast

from sqlalchemy import Table, Update, bindparam, inspect, update
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import set_committed_value

from server.infrastructure.errors import Raced
from server.infrastructure.work import Transaction


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int


async def save_if_unchanged(tx: Transaction, row: Versioned, **values: Any) -> None:
    """Write `values` and the next version, told by primary key, version and state as read.

    The row then holds what the database does. Raises Raced if somebody else was quicker.
    """
    mapper: Mapper[Any] = inspect(type(row))
    session = tx.session
    if session.new or session.dirty:
        await session.flush()
    new = values | {"version": row.version + 1}
    told = {f"old_{name}": getattr(row, name) for name in _told_by(mapper)}
    written = {f"new_{name}": value for name, value in new.items()}
    connection = await session.connection()
    result = await connection.execute(_update(mapper, tuple(new)), told | written)
    if result.rowcount != 1:
        raise Raced(mapper.class_.__name__.lower())
    for name, value in new.items():
        set_committed_value(row, name, value)


def _told_by(mapper: Mapper[Any]) -> list[str]:
    """The attributes by which a row is told that still is as it was read."""
    key = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
    return [*key, "version", *(["state"] if "state" in mapper.columns else [])]


@cache
def _update(mapper: Mapper[Any], names: tuple[str, ...]) -> Update:
    """The statement that writes these attributes; made once for each set of them."""
    columns = mapper.columns  # by attribute, which may be named otherwise than its column
    same = [columns[name] == bindparam(f"old_{name}") for name in _told_by(mapper)]
    return (
        update(cast(Table, mapper.local_table))
        .where(*same)
        .values(
            {columns[name]: bindparam(f"new_{name}", type_=columns[name].type) for name in names}
        )
    )
