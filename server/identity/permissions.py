"""Who may do what: one table, asked in two ways.

`can` answers for one resource, `visible` is the same answer as SQL for lists. Everything that the
table does not grant is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_

from server.identity.principals import Grant, Principal, Resident, Role, Staff
from server.infrastructure.errors import NotFound


class Action(StrEnum):
    TICKET_READ = "ticket.read"
    TICKET_CANCEL = "ticket.cancel"
    QUEUE_READ = "queue.read"
    DESK_USE = "desk.use"
    SESSION_READ = "session.read"
    SESSION_JOIN = "session.join"
    SESSION_CONTROL = "session.control"
    SESSION_HANG_UP = "session.hang_up"
    MATERIAL_ADD = "material.add"
    MATERIAL_READ = "material.read"
    MATERIAL_REMOVE = "material.remove"
    MATERIAL_REQUEST = "material.request"
    CASE_READ = "case.read"
    CASE_WRITE = "case.write"
    NOTE_READ = "note.read"
    NOTE_WRITE = "note.write"
    RECORDING_PLAY = "recording.play"
    BOARD_READ = "board.read"
    HALL_NUMBERS = "hall.numbers"
    WINDOW_CLOSE = "window.close"
    ADMIN_ACCOUNTS = "admin.accounts"
    ADMIN_ORGANISATIONS = "admin.organisations"
    ADMIN_CATALOGUE = "admin.catalogue"


class Reach(StrEnum):
    """How a resource must lie to somebody for a right to reach it.

    owner: the organisation of the kiosk, to which a visit and all of it belongs. serving: the
    organisation whose window serves it. org: the grant's organisation itself; subtree: also all
    below it.
    """

    OWN = "own"
    ENGAGED = "engaged"
    OWNER_ORG = "owner_org"
    SERVING_ORG = "serving_org"
    OWNER_SUBTREE = "owner_subtree"
    SERVING_SUBTREE = "serving_subtree"


@dataclass(frozen=True, slots=True)
class Resource:
    """What is asked about. account_ids: staff engaged in it, at any time."""

    kind: str
    owner_org_path: str
    serving_org_path: str | None = None
    resident_id: UUID | None = None
    account_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class ResourceColumns:
    """The same as columns of a query. engaged: the condition that an account is engaged in a row,
    such as an EXISTS over engagements. What a query leaves out reaches nobody."""

    owner_org_path: ColumnElement[str]
    serving_org_path: ColumnElement[str] | None = None
    resident_id: ColumnElement[UUID] | None = None
    engaged: Callable[[UUID], ColumnElement[bool]] | None = None


Rights = Mapping[Role | None, frozenset[Reach]]

_OWN: Final = frozenset({Reach.OWN})
_ENGAGED: Final = frozenset({Reach.ENGAGED})
_ORG: Final = frozenset({Reach.ENGAGED, Reach.OWNER_ORG, Reach.SERVING_ORG})
_SERVED: Final = frozenset({Reach.ENGAGED, Reach.SERVING_ORG})
_OWNED_BELOW: Final = frozenset({Reach.ENGAGED, Reach.OWNER_SUBTREE})
_ANY_BELOW: Final = frozenset({Reach.ENGAGED, Reach.OWNER_SUBTREE, Reach.SERVING_SUBTREE})


def _rights(
    *,
    resident: frozenset[Reach] = frozenset(),
    agent: frozenset[Reach] = frozenset(),
    partner: frozenset[Reach] = frozenset(),
    supervisor: frozenset[Reach] = frozenset(),
    admin: frozenset[Reach] = frozenset(),
    hall: frozenset[Reach] = frozenset(),
) -> Rights:
    """One row of the table: whom the action is open to, and how far."""
    return {
        None: resident,
        Role.AGENT: agent,
        Role.PARTNER_AGENT: partner,
        Role.SUPERVISOR: supervisor,
        Role.ADMIN: admin,
        Role.HALL_SYSTEM: hall,
    }


_AT_OWN_DESK: Final = frozenset({Reach.OWNER_ORG})
_BELOW: Final = frozenset({Reach.OWNER_SUBTREE})
_HANDLING: Final = _rights(agent=_ENGAGED, partner=_ENGAGED)
_READING: Final = {"supervisor": _OWNED_BELOW, "admin": _OWNED_BELOW}

# A partner's agent never sees more of another province than what its own windows serve, and a
# partner's supervisor sees sessions and queues of its windows, but not their papers and recordings.
TABLE: Final[Mapping[Action, Rights]] = {
    Action.TICKET_READ: _rights(
        resident=_OWN, agent=_SERVED, partner=_SERVED, supervisor=_ANY_BELOW, admin=_ANY_BELOW
    ),
    Action.TICKET_CANCEL: _rights(resident=_OWN),
    Action.QUEUE_READ: _rights(
        agent=_AT_OWN_DESK, partner=_AT_OWN_DESK, supervisor=_BELOW, admin=_BELOW
    ),
    Action.DESK_USE: _rights(agent=_AT_OWN_DESK, partner=_AT_OWN_DESK),
    Action.SESSION_READ: _rights(
        resident=_OWN, agent=_ENGAGED, partner=_ENGAGED, supervisor=_ANY_BELOW, admin=_ANY_BELOW
    ),
    Action.SESSION_JOIN: _rights(resident=_OWN, agent=_ENGAGED, partner=_ENGAGED),
    Action.SESSION_CONTROL: _HANDLING,
    Action.SESSION_HANG_UP: _rights(resident=_OWN),
    Action.MATERIAL_ADD: _rights(resident=_OWN, agent=_ENGAGED, partner=_ENGAGED),
    Action.MATERIAL_READ: _rights(resident=_OWN, agent=_ORG, partner=_SERVED, **_READING),
    Action.MATERIAL_REMOVE: _rights(resident=_OWN, agent=_ENGAGED, partner=_ENGAGED),
    Action.MATERIAL_REQUEST: _HANDLING,
    Action.CASE_READ: _rights(resident=_OWN, agent=_ORG, partner=_SERVED, **_READING),
    Action.CASE_WRITE: _HANDLING,
    Action.NOTE_READ: _rights(agent=_ORG, partner=_SERVED, **_READING),
    Action.NOTE_WRITE: _HANDLING,
    Action.RECORDING_PLAY: _rights(agent=_ENGAGED, partner=_ENGAGED, **_READING),
    Action.BOARD_READ: _rights(supervisor=_BELOW, admin=_BELOW),
    Action.HALL_NUMBERS: _rights(hall=_AT_OWN_DESK),
    Action.WINDOW_CLOSE: _rights(supervisor=_BELOW, admin=_BELOW),
    Action.ADMIN_ACCOUNTS: _rights(admin=_BELOW),
    Action.ADMIN_ORGANISATIONS: _rights(admin=_BELOW),
    Action.ADMIN_CATALOGUE: _rights(admin=_BELOW),
}


def can(principal: Principal, action: Action, resource: Resource) -> bool:
    """Whether `principal` may do `action` to `resource`."""
    rights = TABLE[action]
    if isinstance(principal, Resident):
        return Reach.OWN in rights[None] and resource.resident_id == principal.resident_id
    return any(
        _reached(principal, grant, reach, resource)
        for grant in principal.grants
        for reach in rights[grant.role]
    )


def require(principal: Principal, action: Action, resource: Resource) -> None:
    """Raises NotFound unless `principal` may: what is not theirs is answered like what is not."""
    if not can(principal, action, resource):
        raise NotFound


def visible(principal: Principal, action: Action, columns: ResourceColumns) -> ColumnElement[bool]:
    """The condition for exactly the rows for which `can` would say yes."""
    rights = TABLE[action]
    if isinstance(principal, Resident):
        if Reach.OWN not in rights[None] or columns.resident_id is None:
            return false()
        return columns.resident_id == principal.resident_id
    clauses = [
        clause
        for grant in principal.grants
        for reach in sorted(rights[grant.role])
        if (clause := _clause(principal, grant, reach, columns)) is not None
    ]
    return or_(*clauses) if clauses else false()


def _reached(staff: Staff, grant: Grant, reach: Reach, resource: Resource) -> bool:
    owner, serving = resource.owner_org_path, resource.serving_org_path
    match reach:
        case Reach.ENGAGED:
            return staff.account_id in resource.account_ids
        case Reach.OWNER_ORG:
            return owner == grant.org_path
        case Reach.SERVING_ORG:
            return serving == grant.org_path
        case Reach.OWNER_SUBTREE:
            return owner.startswith(grant.org_path)
        case Reach.SERVING_SUBTREE:
            return serving is not None and serving.startswith(grant.org_path)
        case Reach.OWN:
            return False


def _clause(
    staff: Staff, grant: Grant, reach: Reach, columns: ResourceColumns
) -> ColumnElement[bool] | None:
    owner, serving = columns.owner_org_path, columns.serving_org_path
    match reach:
        case Reach.ENGAGED:
            return columns.engaged(staff.account_id) if columns.engaged else None
        case Reach.OWNER_ORG:
            return owner == grant.org_path
        case Reach.SERVING_ORG:
            return serving == grant.org_path if serving is not None else None
        case Reach.OWNER_SUBTREE:
            return _starts_with(owner, grant.org_path)
        case Reach.SERVING_SUBTREE:
            return _starts_with(serving, grant.org_path) if serving is not None else None
        case Reach.OWN:
            return None


def _starts_with(column: ColumnElement[str], path: str) -> ColumnElement[bool]:
    # Not LIKE: SQLite's ignores case, PostgreSQL's does not.
    return func.substr(column, 1, len(path)) == path
