"""Booking codes as they are drawn."""

from server.bookings.codes import random_code


def test_a_code_has_eight_digits_and_no_pattern() -> None:
    codes = {random_code() for _ in range(2_000)}
    assert all(len(code) == 8 and code.isascii() and code.isdecimal() for code in codes)
    assert len(codes) > 1_990
    assert {code[0] for code in codes} == set("0123456789")
