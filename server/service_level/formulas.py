"""The two usual formulas of a service level. Pure.

Both are in the call-centre literature (ICMI, "Service Level Calculations", 2002; Call Centre
Helper, "Service Level Threshold Calculations"), whose example is the first test: of 1,000 answered
860 came within the threshold, and 60 gave up, 20 of these within it.

    level_answered  answered within / answered                      860 / 1,000 = 86 %
    level_offered   answered within / (answered + abandoned after)  860 / 1,040 = 82.7 %

The first says nothing of those who were never answered, so it is never shown alone. In the second
a *short abandon*, somebody who left before the threshold, counts neither for nor against: no answer
was owed yet. Somebody who was turned away when the windows closed counts as one who gave up.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of those whose clock began.

    offered: all of them, also who still waits. answered_within: first answers within the threshold.
    abandoned: left, or were turned away, without an answer; abandoned_after: later than it.
    """

    offered: int = 0
    answered: int = 0
    answered_within: int = 0
    abandoned: int = 0
    abandoned_after: int = 0

    @property
    def level_answered(self) -> float | None:
        """Share of the answers that came in time; None without any."""
        return _share(self.answered_within, self.answered)

    @property
    def level_offered(self) -> float | None:
        """Share of those owed an answer who had it in time; None while nobody was owed one."""
        return _share(self.answered_within, self.answered + self.abandoned_after)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
