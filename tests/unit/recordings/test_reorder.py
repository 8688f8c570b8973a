"""Every packet once, in order, whatever the network did to them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from recordings.reorder import HOLD_US, SEQUENCES, START_US, Reorder


class Out:
    def __init__(self) -> None:
        self.items: list[int] = []
        self.lost_before: list[int] = []
        self.order: Reorder[int] = Reorder(self.emit)

    def emit(self, item: int, lost: bool) -> None:
        self.items.append(item)
        if lost:
            self.lost_before.append(item)


@given(
    start=st.integers(0, SEQUENCES - 1),
    shifts=st.lists(st.integers(0, 30), min_size=1, max_size=300),
    doubled=st.sets(st.integers(0, 299)),
)
def test_disorder_and_doubles_within_the_hold_lose_nothing(
    start: int, shifts: list[int], doubled: set[int]
) -> None:
    out = Out()
    arrivals = [(number * 20 + shift * 7, number) for number, shift in enumerate(shifts)]
    arrivals += [(at + 1, number) for at, number in arrivals if number in doubled]
    for at_ms, number in sorted(arrivals):
        out.order.push((start + number) % SEQUENCES, at_ms * 1000, number)
    out.order.flush()
    assert out.items == list(range(len(shifts)))
    assert out.lost_before == []
    assert out.order.lost_packets == 0
    assert out.order.late_or_double == len([n for n in doubled if n < len(shifts)])


@given(
    start=st.integers(0, SEQUENCES - 1),
    kept=st.lists(st.booleans(), min_size=1, max_size=300),
)
def test_what_never_came_is_counted_and_marked(start: int, kept: list[bool]) -> None:
    out = Out()
    sent = [number for number, keep in enumerate(kept) if keep]
    for number in sent:
        out.order.push((start + number) % SEQUENCES, number * 20_000, number)
    out.order.flush()
    assert out.items == sent
    marked = [b for a, b in pairwise(sent) if b != a + 1]
    assert out.lost_before == marked
    if sent:
        assert out.order.lost_packets == sent[-1] - sent[0] + 1 - len(sent)


def test_a_missing_packet_is_waited_for_only_so_long() -> None:
    out = Out()
    for number in [*range(10), *range(11, 20)]:
        out.order.push(number, number * 20_000, number)
    out.order.push(20, START_US + 1, 20)
    assert out.items == list(range(10))
    out.order.push(21, START_US + HOLD_US, 21)
    assert out.items == [*range(10), *range(11, 22)]
    out.order.push(10, START_US + HOLD_US + 1, 10)
    assert out.order.late_or_double == 1


@given(first=st.integers(0, SEQUENCES - 1), jump=st.integers(3000, SEQUENCES - 3100))
def test_a_sender_that_begins_anew_is_followed(first: int, jump: int) -> None:
    out = Out()
    numbers = [first + n for n in range(50)] + [first + 50 + jump + n for n in range(50)]
    for at, number in enumerate(numbers):
        out.order.push(number % SEQUENCES, at * 20_000, at)
    out.order.flush()
    assert out.items == list(range(100))
    assert out.lost_before == [50]


def test_one_stray_packet_moves_nothing() -> None:
    out = Out()
    for number in range(20):
        out.order.push(number, number * 20_000, number)
        if number == 10:
            out.order.push(40_000, number * 20_000, 999)
    out.order.flush()
    assert out.items == list(range(20))
    assert out.lost_before == []
