"""Every action, for every role, at every distance: as written here, or refused."""

from uuid import UUID

import pytest

from server.identity.permissions import TABLE, Action, Resource, can, require
from server.identity.principals import Grant, Resident, Role, Staff
from server.infrastructure.errors import NotFound
from server.infrastructure.ids import new_id

ME = new_id()
ELSE = new_id()
DISTRICT = "/shanghai/putuo/"
TOWN = "/shanghai/putuo/caoyang-xincun/"
OTHER_TOWN = "/shanghai/putuo/taopu/"
LOOK_ALIKE = "/shanghai/putuo-east/"
PARTNER = "/jiangsu/suzhou/suzhou-gusu/"

# Where a resource lies, seen by somebody whose grant is at the district.
PLACES: dict[str, Resource] = {
    "engaged": Resource("x", PARTNER, PARTNER, ELSE, frozenset({ME, ELSE})),
    "owned_here": Resource("x", DISTRICT, None, ELSE),
    "served_here": Resource("x", PARTNER, DISTRICT, ELSE),
    "owned_below": Resource("x", TOWN, TOWN, ELSE),
    "served_below": Resource("x", PARTNER, TOWN, ELSE),
    "owned_above": Resource("x", "/shanghai/", "/shanghai/", ELSE),
    "owned_beside": Resource("x", LOOK_ALIKE, LOOK_ALIKE, ELSE, frozenset({ELSE})),
    "foreign": Resource("x", PARTNER, PARTNER, ELSE, frozenset({ELSE})),
}

AGENTS_OWN = {"engaged", "owned_here", "served_here"}
PARTNERS_OWN = {"engaged", "served_here"}
BELOW = {"owned_here", "owned_below"}
LED = BELOW | {"engaged"}
LED_AND_SERVED = LED | {"served_here", "served_below"}

NOBODY: dict[Role, set[str]] = {}
HANDLING = {Role.AGENT: {"engaged"}, Role.PARTNER_AGENT: {"engaged"}}
READING = {Role.SUPERVISOR: LED, Role.ADMIN: LED}
OF_CASES = {Role.AGENT: AGENTS_OWN, Role.PARTNER_AGENT: PARTNERS_OWN, **READING}
AT_DESK = {Role.AGENT: {"owned_here"}, Role.PARTNER_AGENT: {"owned_here"}}
LEADING = {Role.SUPERVISOR: BELOW, Role.ADMIN: BELOW}
SEEING = {Role.SUPERVISOR: LED_AND_SERVED, Role.ADMIN: LED_AND_SERVED}

EXPECTED: dict[Action, dict[Role, set[str]]] = {
    Action.TICKET_READ: {
        Role.AGENT: PARTNERS_OWN,
        Role.PARTNER_AGENT: PARTNERS_OWN,
        **SEEING,
    },
    Action.TICKET_CANCEL: NOBODY,
    Action.QUEUE_READ: {**AT_DESK, **LEADING},
    Action.DESK_USE: AT_DESK,
    Action.SESSION_READ: {**HANDLING, **SEEING},
    Action.SESSION_JOIN: HANDLING,
    Action.SESSION_CONTROL: HANDLING,
    Action.SESSION_HANG_UP: NOBODY,
    Action.MATERIAL_ADD: HANDLING,
    Action.MATERIAL_READ: OF_CASES,
    Action.MATERIAL_REMOVE: HANDLING,
    Action.MATERIAL_REQUEST: HANDLING,
    Action.CASE_READ: OF_CASES,
    Action.CASE_WRITE: HANDLING,
    Action.NOTE_READ: OF_CASES,
    Action.NOTE_WRITE: HANDLING,
    Action.RECORDING_PLAY: {**HANDLING, **READING},
    Action.BOARD_READ: LEADING,
    Action.WINDOW_CLOSE: LEADING,
    Action.HALL_NUMBERS: {Role.HALL_SYSTEM: {"owned_here"}},
    Action.ADMIN_ACCOUNTS: {Role.ADMIN: BELOW},
    Action.ADMIN_ORGANISATIONS: {Role.ADMIN: BELOW},
    Action.ADMIN_CATALOGUE: {Role.ADMIN: BELOW},
}

RESIDENTS = {
    Action.TICKET_READ,
    Action.TICKET_CANCEL,
    Action.SESSION_READ,
    Action.SESSION_JOIN,
    Action.SESSION_HANG_UP,
    Action.MATERIAL_ADD,
    Action.MATERIAL_READ,
    Action.MATERIAL_REMOVE,
    Action.CASE_READ,
}


def staff(*grants: Grant, account_id: UUID = ME) -> Staff:
    return Staff(
        account_id=account_id,
        login_session_id=new_id(),
        username="somebody",
        org_id=new_id(),
        org_code="putuo",
        org_path=DISTRICT,
        grants=grants,
        window_ids=(),
    )


def resident(resident_id: UUID = ME) -> Resident:
    return Resident(resident_id, new_id(), "caoyang-xincun", TOWN, "zh-CN", None)


def test_table_and_expectation_know_every_action() -> None:
    assert set(TABLE) == set(Action) == set(EXPECTED)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_what_it_is_granted_and_nothing_else(action: Action, role: Role) -> None:
    who = staff(Grant(role, DISTRICT))
    reached = {name for name, resource in PLACES.items() if can(who, action, resource)}
    assert reached == EXPECTED[action].get(role, set())


@pytest.mark.parametrize("action", Action)
def test_without_a_grant_nothing_is_reached(action: Action) -> None:
    assert not any(can(staff(), action, resource) for resource in PLACES.values())


@pytest.mark.parametrize("action", Action)
def test_a_resident_reaches_their_own_alone(action: Action) -> None:
    own = Resource("x", TOWN, DISTRICT, resident_id=ME)
    others = Resource("x", TOWN, DISTRICT, resident_id=ELSE, account_ids=frozenset({ME}))
    nobodys = Resource("x", TOWN, DISTRICT)
    assert can(resident(), action, own) == (action in RESIDENTS)
    assert not can(resident(), action, others)
    assert not can(resident(), action, nobodys)


def test_an_account_with_a_residents_id_is_no_resident() -> None:
    own = Resource("x", PARTNER, PARTNER, resident_id=ME)
    assert not can(staff(Grant(Role.ADMIN, DISTRICT)), Action.CASE_READ, own)


def test_grants_add_up() -> None:
    two = staff(Grant(Role.AGENT, TOWN), Grant(Role.SUPERVISOR, OTHER_TOWN))
    assert can(two, Action.BOARD_READ, Resource("board", OTHER_TOWN))
    assert not can(two, Action.BOARD_READ, Resource("board", TOWN))
    assert can(two, Action.DESK_USE, Resource("desk", TOWN))
    assert not can(two, Action.DESK_USE, Resource("desk", OTHER_TOWN))


def test_what_is_not_theirs_is_answered_like_what_is_not() -> None:
    with pytest.raises(NotFound) as refused:
        require(resident(), Action.CASE_READ, PLACES["foreign"])
    assert refused.value.code == "not_found"
    require(resident(), Action.CASE_READ, Resource("case", TOWN, resident_id=ME))
