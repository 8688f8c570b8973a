"""Hours, closures, the calendar and overflow rules by HTTP."""

from typing import Final

from server.infrastructure.errors import NotFound
from server.infrastructure.http.routing import Access, Call, Route
from server.organisations.doors import Doors
from server.organisations.rulebook import Rulebook
from server.organisations.schemas import (
    CalendarIn,
    CalendarOut,
    ClosureIn,
    ClosureOut,
    HoursIn,
    OrgHoursOut,
    RulesIn,
    RulesOut,
    WindowHoursOut,
)

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100


def routes(doors: Doors, rulebook: Rulebook) -> list[Route]:
    return [*_doors(doors), *_rulebook(rulebook)]


def _doors(doors: Doors) -> list[Route]:
    async def org_hours(call: Call) -> OrgHoursOut:
        """When an organisation's windows are open, and whether they are now."""
        return await doors.org_hours(call.text("code"))

    async def set_org_hours(call: Call) -> OrgHoursOut:
        """Set the hours of an organisation's windows."""
        return await doors.set_org_hours(call.principal, call.text("code"), call.body.hours)

    async def close_org(call: Call) -> ClosureOut:
        """Close an organisation's windows, or open them again. Counts at once."""
        return await doors.close_org(call.principal, call.text("code"), call.body)

    async def window_hours(call: Call) -> WindowHoursOut:
        """When a window is open, and whether it is now."""
        return await doors.window_hours(call.principal, call.id())

    async def set_window_hours(call: Call) -> WindowHoursOut:
        """Set a window's own hours."""
        return await doors.set_window_hours(call.principal, call.id(), call.body.hours)

    async def close_window(call: Call) -> ClosureOut:
        """Close a window, or open it again. Counts at once."""
        return await doors.close_window(call.principal, call.id(), call.body)

    org, window, staff = "/organisations/{code}", "/windows/{id}", Access.STAFF
    return [
        Route("GET", f"{org}/hours", org_hours, Access.PUBLIC, answer=OrgHoursOut),
        Route("PUT", f"{org}/hours", set_org_hours, staff, body=HoursIn, answer=OrgHoursOut),
        Route("PUT", f"{org}/closure", close_org, staff, body=ClosureIn, answer=ClosureOut),
        Route("GET", f"{window}/hours", window_hours, staff, answer=WindowHoursOut),
        Route(
            "PUT", f"{window}/hours", set_window_hours, staff, body=HoursIn, answer=WindowHoursOut
        ),
        Route("PUT", f"{window}/closure", close_window, staff, body=ClosureIn, answer=ClosureOut),
    ]


def _rulebook(rulebook: Rulebook) -> list[Route]:
    async def calendar(call: Call) -> CalendarOut:
        """Holidays and make-up working days of a year."""
        return await rulebook.calendar(_year(call))

    async def set_calendar(call: Call) -> CalendarOut:
        """List the holidays and make-up working days of a year anew."""
        return await rulebook.set_calendar(call.principal, _year(call), call.body.days)

    async def rules(call: Call) -> RulesOut:
        """The overflow rules, in the order in which they are looked at."""
        return await rulebook.rules(call.principal)

    async def set_rules(call: Call) -> RulesOut:
        """Write the overflow rules anew. Counts at once, also for those who wait already."""
        return await rulebook.set_rules(call.principal, call.body.rules)

    staff = Access.STAFF
    return [
        Route("GET", "/calendar/{year}", calendar, staff, answer=CalendarOut),
        Route("PUT", "/calendar/{year}", set_calendar, staff, body=CalendarIn, answer=CalendarOut),
        Route("GET", "/overflow-rules", rules, staff, answer=RulesOut),
        Route("PUT", "/overflow-rules", set_rules, staff, body=RulesIn, answer=RulesOut),
    ]


def _year(call: Call) -> int:
    """The path's year. Raises NotFound for what is none."""
    text = call.text("year")
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:9]) <= LAST_YEAR):
        raise NotFound
    return int(text)
