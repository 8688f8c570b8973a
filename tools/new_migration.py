"""`tools/new_migration.py "what it does"`: a script from what the tables declare and lack.

It is drawn against an empty SQLite database brought to the newest script. Read it, and mend it,
before it is committed: a renamed column looks like one dropped and one added.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from server.infrastructure.database import Database
from server.infrastructure.migrations import configuration, upgrade_database


async def draw(message: str, folder: Path) -> None:
    url = f"sqlite+aiosqlite:///{folder / 'scratch.sqlite3'}"
    await upgrade_database(url)

    def revise(connection: Connection) -> None:
        command.revision(configuration(connection), message=message, autogenerate=True)

    database = Database(url)
    async with database.engine.connect() as connection:
        await connection.run_sync(revise)
    await database.close()


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(draw(sys.argv[1], Path(folder)))


if __name__ == "__main__":
    main()
