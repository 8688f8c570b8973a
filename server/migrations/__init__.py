"""Alembic's scripts: the schema from nothing to this version, on SQLite and PostgreSQL."""
