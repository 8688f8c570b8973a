"""Who a credential proves: staff with grants, or a resident on one visit."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a grant makes of its holder. `partner_agent`: an agent of another province.
    `hall_system`: no person, but the calling system of a hall."""

    AGENT = "agent"
    PARTNER_AGENT = "partner_agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    HALL_SYSTEM = "hall_system"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at an organisation; how far below it reaches is the permission table's to say."""

    role: Role
    org_path: str


@dataclass(frozen=True, slots=True)
class Staff:
    """An agent, supervisor or administrator who is logged in."""

    account_id: UUID
    login_session_id: UUID
    username: str
    org_id: UUID
    org_code: str
    org_path: str
    grants: tuple[Grant, ...]
    window_ids: tuple[UUID, ...]
    kind: str = "staff"

    @property
    def id(self) -> str:
        return str(self.account_id)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Resident:
    """The person at a kiosk or page, unnamed, for one visit. org: the place where it stands."""

    resident_id: UUID
    org_id: UUID
    org_code: str
    org_path: str
    language: str
    consent_version: str | None
    kind: str = "resident"

    @property
    def id(self) -> str:
        return str(self.resident_id)


Principal = Staff | Resident
