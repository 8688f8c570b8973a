"""Writes a migration script of what the tables have and the scripts lack.

    python -m tools.make_migration "say what changed"

Run against an SQLite file that it makes and upgrades; read what it wrote before you commit it.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from server.infrastructure.migrations import configuration


def main() -> None:
    message = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'empty.sqlite3'}")
        with engine.begin() as connection:
            command.upgrade(configuration(connection), "head")
        with engine.begin() as connection:
            command.revision(configuration(connection), message, autogenerate=True)
        engine.dispose()


if __name__ == "__main__":
    main()
