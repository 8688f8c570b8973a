"""What can be wrong with hours, the calendar, closures and overflow rules."""

from server.infrastructure.errors import Unprocessable


class HoursOrder(Unprocessable):
    """A time of opening that ends before it begins. opens, closes: as `HH:MM`."""

    def __init__(self, days: str, opens: str, closes: str) -> None:
        super().__init__("hours_order", days=days, opens=opens, closes=closes)


class HoursOverlap(Unprocessable):
    """Two times of opening of one day that share a moment."""

    def __init__(self, days: str, first: str, second: str) -> None:
        super().__init__("hours_overlap", days=days, first=first, second=second)


class ClosureOver(Unprocessable):
    """A closure that would have ended already."""

    def __init__(self, until: str | None) -> None:
        super().__init__("closure_over", until=until)


class DayElsewhere(Unprocessable):
    """A day of another year than the one that is being listed."""

    def __init__(self, day: str, year: int) -> None:
        super().__init__("calendar_day_elsewhere", day=day, year=year)


class DayTwice(Unprocessable):
    def __init__(self, day: str) -> None:
        super().__init__("calendar_day_twice", day=day)


class RuleWithoutTrigger(Unprocessable):
    """A rule that says neither after how many seconds, nor with nobody on for how many."""

    def __init__(self, code: str) -> None:
        super().__init__("rule_without_trigger", rule=code)


class RuleTwice(Unprocessable):
    def __init__(self, code: str) -> None:
        super().__init__("rule_twice", rule=code)


class RuleElsewhere(Unprocessable):
    """A code that a rule of an organisation bears which the administrator does not look after."""

    def __init__(self, code: str) -> None:
        super().__init__("rule_elsewhere", rule=code)
