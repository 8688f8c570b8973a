"""Rows of accounts, their grants, log-in sessions and residents' visits."""

import datetime as dt
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column, LargeBinary
from sqlmodel import Field, SQLModel

from server.identity.principals import Role
from server.infrastructure.database import UtcDateTime, enum_check
from server.infrastructure.ids import new_id


class Account(SQLModel, table=True):
    """A person who works here. language: of the own pages; speaks: with residents. demo: of the
    demo data; a production start refuses those."""

    __tablename__ = "account"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    username: str = Field(max_length=60, unique=True)
    password_hash: str = Field(max_length=200)
    display_name_zh: str = Field(max_length=80)
    display_name_en: str = Field(max_length=80)
    org_id: UUID = Field(foreign_key="org_unit.id")
    language: str = Field(default="zh-CN", max_length=8)
    speaks: list[str] = Field(
        default_factory=lambda: ["zh-CN"], sa_column=Column(JSON, nullable=False)
    )
    disabled_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    demo: bool = Field(default=False)


class AccountGrant(SQLModel, table=True):
    """A role of an account at an organisation."""

    __tablename__ = "account_grant"
    __table_args__ = (CheckConstraint(enum_check("role", Role), name="role"),)

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    role: str = Field(primary_key=True, max_length=20)
    org_id: UUID = Field(primary_key=True, foreign_key="org_unit.id")


class AccountWindow(SQLModel, table=True):
    """A window at which an account may serve."""

    __tablename__ = "account_window"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    window_id: UUID = Field(primary_key=True, foreign_key="window.id", index=True)


class LoginTries(SQLModel, table=True):
    """Wrong passwords for a user name, whether or not an account bears it: a guesser who is
    counted and locked in the same way for both learns nothing. `name_sha256`: of the name."""

    __tablename__ = "login_tries"

    name_sha256: bytes = Field(primary_key=True, sa_type=LargeBinary)
    tries: int
    first_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    locked_until: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class StaffSession(SQLModel, table=True):
    """One log-in, from password to logout. The cookie holds the secret, this row its SHA-256."""

    __tablename__ = "staff_session"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    secret_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    revoked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_seen_at: dt.datetime = Field(sa_type=UtcDateTime)


class ResidentSession(SQLModel, table=True):
    """One visit at a kiosk or page. `consent_sha256`: of the very words that were agreed to."""

    __tablename__ = "resident_session"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    secret_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    org_id: UUID = Field(foreign_key="org_unit.id")
    language: str = Field(max_length=8)
    consent_version: str | None = Field(default=None, max_length=20)
    consent_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    consent_language: str | None = Field(default=None, max_length=8)
    consent_sha256: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
