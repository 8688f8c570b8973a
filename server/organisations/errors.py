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
