"""Numbers that wrap, and a slot's own row of numbers over swaps, losses and padding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.media.sequence import HALF, MASK, MODULUS, Renumbering, Unwrapper, ahead

STARTS = (0, 1, 0x7FFE, 0x7FFF, 0x8000, 0x8001, 0xFFFE, 0xFFFF)


@pytest.mark.parametrize("start", STARTS)
def test_distance_is_the_short_way_round(start: int) -> None:
    assert ahead((start + 5) & MASK, start) == 5
    assert ahead(start, (start + 5) & MASK) == -5
    assert ahead((start + HALF) & MASK, start) == -HALF


@pytest.mark.parametrize("start", STARTS)
def test_unwrapped_numbers_grow_through_every_wrap(start: int) -> None:
    unwrapper = Unwrapper()
    unwrapped = [unwrapper.unwrap((start + step) & MASK) for step in range(3 * MODULUS)]
    assert unwrapped == list(range(unwrapped[0], unwrapped[0] + 3 * MODULUS))


@given(st.integers(0, MASK), st.lists(st.integers(-300, 300), max_size=200))
def test_late_and_early_packets_unwrap_to_their_places(start: int, steps: list[int]) -> None:
    unwrapper = Unwrapper()
    base = unwrapper.unwrap(start)
    at = base
    for step in steps:
        at = max(base, at + step)
        assert unwrapper.unwrap(at & MASK) == at


def test_the_first_packet_takes_the_next_number() -> None:
    numbering = Renumbering(first=70_000, number=12)
    assert numbering.place(70_000) == 12
    assert numbering.place(70_002) == 14
    assert numbering.place(70_001) == 13


def test_packets_before_the_swap_have_no_place() -> None:
    numbering = Renumbering(first=100, number=5)
    assert numbering.place(100) == 5
    assert numbering.place(99) is None


def test_skipped_packets_leave_no_hole() -> None:
    numbering = Renumbering(first=10, number=0)
    assert numbering.place(10) == 0
    assert numbering.skip(11)
    assert numbering.skip(12)
    assert numbering.place(13) == 1
    assert numbering.place(15) == 3
    assert numbering.skip(16)
    assert numbering.place(17) == 4
    assert numbering.place(14) == 2  # late, between the skips: the offset of its time


def test_a_late_skip_has_its_place_already() -> None:
    numbering = Renumbering(first=10, number=0)
    numbering.place(10)
    numbering.place(12)
    assert not numbering.skip(11)
    assert numbering.place(11) == 1


@given(
    st.integers(MODULUS - 50, MODULUS + 50),
    st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=1, max_size=300),
)
def test_no_number_is_given_twice_and_order_is_kept(
    first: int, packets: list[tuple[bool, int]]
) -> None:
    """packets: (padding?, how many places late it comes)."""
    order = sorted(range(len(packets)), key=lambda at: at + packets[at][1] * 1.5)
    numbering = Renumbering(first, 7)
    placed: dict[int, int] = {}
    for at in order:
        number = first + at
        if packets[at][0] and numbering.skip(number):
            continue
        place = numbering.place(number)
        if place is not None:
            placed[number] = place
    assert len(set(placed.values())) == len(placed)
    in_order = [placed[number] for number in sorted(placed)]
    assert in_order == sorted(in_order)


def test_numbers_older_than_remembered_skips_are_given_up() -> None:
    numbering = Renumbering(first=0, number=0)
    numbering.place(0)
    for number in range(2, 400, 2):
        assert numbering.skip(number)
        assert numbering.place(number + 1) is not None
    assert numbering.place(1) is None
