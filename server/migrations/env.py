"""What Alembic runs: the scripts against the connection that `migrations.upgrade` hands in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from server.infrastructure.database import UtcDateTime
from server.migrations.tables import metadata


def render(type_: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write our column types by name in generated scripts."""
    if type_ == "type" and isinstance(item, UtcDateTime):
        autogen_context.imports.add("from server.infrastructure.database import UtcDateTime")
        return "UtcDateTime()"
    if type_ == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata(),
    render_as_batch=True,
    render_item=render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
