"""Every module with tables, so that one metadata knows them all."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import server.bookings.tables
import server.cases.tables
import server.catalogue.tables
import server.halls.tables
import server.identity.tables
import server.infrastructure.audit
import server.infrastructure.events.tables
import server.infrastructure.idempotency
import server.materials.tables
import server.organisations.tables
import server.recordings.tables
import server.service_level.tables
import server.sessions.tables
import server.tickets.tables  # noqa: F401


def metadata() -> MetaData:
    return SQLModel.metadata
