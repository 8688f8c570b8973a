"""Telephone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.bookings.phones import masked
from server.bookings.phones import parse_phone as _parse_phone
from server.infrastructure.errors import Unprocessable


def parse_phone(written: str) -> str:
    return _parse_phone(written, area_code="021", countries=["+852", "+853"])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800000001", "13800000001"),
        (" 138 0000 0001 ", "13800000001"),
        ("138-0000-0001", "13800000001"),
        ("１３８０００００００１", "13800000001"),
        ("+86 138 0000 0001", "13800000001"),
        ("0086 13800000001", "13800000001"),
        ("021-62560000", "02162560000"),
        ("6256 0000", "02162560000"),
        ("(021) 6256 0000", "02162560000"),
        ("+86 21 62560000", "02162560000"),
        ("0512-65250000", "051265250000"),
        ("0573-8420000", "05738420000"),
        ("+852 2123 0000", "+85221230000"),
        ("00852 2123 0000", "+85221230000"),
    ],
)
def test_a_number_is_understood(written: str, kept: str) -> None:
    assert parse_phone(written) == kept


@pytest.mark.parametrize(
    "written",
    ["", "12345", "110", "1380000000", "138000000011", "12800000001", "1256000", "021-1256000",
     "+86 12345", "+0 123 4567", "+1234567890123456", "abc", "138००००0001", "13800000001;+1"],
)  # fmt: skip
def test_what_nobody_can_call_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        parse_phone(written)
    assert refused.value.code == "phone_unusable"
    assert refused.value.params == {}


@pytest.mark.parametrize("written", ["0044 20 7946 0000", "+882 16 12345678", "+1 900 555 0100"])
def test_nobody_is_led_to_call_costly_numbers_abroad(written: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        parse_phone(written)
    assert refused.value.code == "phone_abroad"
    assert refused.value.params == {"countries": "+852, +853"}


@given(st.text(max_size=30))
def test_whatever_is_written_it_is_a_number_or_refused(written: str) -> None:
    try:
        phone = parse_phone(written)
    except Unprocessable:
        return
    assert phone.isascii()
    assert len(phone) <= 24
    assert parse_phone(phone) == phone


@pytest.mark.parametrize(
    ("phone", "seen"),
    [
        ("13800000001", "138****0001"),
        ("02162560000", "021****0000"),
        ("+85221230000", "+85****0000"),
        ("+2901234", "+29****34"),
    ],
)
def test_a_masked_number_can_be_told_but_not_called(phone: str, seen: str) -> None:
    assert masked(phone) == seen
