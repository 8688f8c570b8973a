"""What can be wrong with a hall's number."""

from server.infrastructure.errors import Conflict


class ReferenceTaken(Conflict):
    """The reference stands for a number of another item."""

    def __init__(self, reference: str, number: str) -> None:
        super().__init__("reference_taken", reference=reference, number=number)


class NumberElsewhere(Conflict):
    """The number was called to another counter."""

    def __init__(self, number: str, counter: str | None) -> None:
        super().__init__("number_elsewhere", number=number, counter=counter)


class HallFull(Conflict):
    """Its system has drawn more than it calls, ends or cancels."""

    def __init__(self, limit: int) -> None:
        super().__init__("hall_full", limit=limit)


class NotThisWindow(Conflict):
    """The window has not the skills that the number's item asks."""

    def __init__(self, number: str, window: str) -> None:
        super().__init__("number_not_for_window", number=number, window=window)
