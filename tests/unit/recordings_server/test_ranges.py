"""Which bytes a request asks for (RFC 9110, 14)."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.recordings.ranges import ByteRange, Unsatisfiable, wanted_range

ETAG = '"abc"'


def wanted(header: str | None, if_range: str | None = None, size: int = 1000) -> ByteRange | None:
    return wanted_range(header, if_range, size=size, etag=ETAG)


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-", 0, 999),
        ("bytes=0-0", 0, 0),
        ("bytes=0-499", 0, 499),
        ("bytes=500-999", 500, 999),
        ("bytes=500-99999", 500, 999),
        ("bytes=999-", 999, 999),
        ("bytes=-1", 999, 999),
        ("bytes=-500", 500, 999),
        ("bytes=-99999", 0, 999),
        ("BYTES=1-2", 1, 2),
        (" bytes=1-2 ", 1, 2),
    ],
)
def test_single_range(header: str, first: int, last: int) -> None:
    assert wanted(header) == ByteRange(first, last)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=1",
        "bytes=2-1",
        "bytes=0-0,5-6",
        "seconds=0-1",
        "bytes=0x1-2",
        "bytes=--1",
        "bytes=" + "9" * 30 + "-",
        "bytes=٣-٤",
    ],
)
def test_what_is_no_single_range_is_ignored(header: str | None) -> None:
    assert wanted(header) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-2000", "bytes=-0"])
def test_range_beyond_the_end_is_unsatisfiable(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        wanted(header)


def test_if_range_of_this_file_keeps_the_range_and_another_drops_it() -> None:
    assert wanted("bytes=1-2", ETAG) == ByteRange(1, 2)
    for other in ('"abd"', 'W/"abc"', "Fri, 06 Mar 2026 01:30:00 GMT", ""):
        assert wanted("bytes=1-2", other) is None
    assert wanted("bytes=5000-", '"abd"') is None


@given(st.text(alphabet="bytes=-0123456789, ", max_size=30), st.integers(0, 2000))
def test_any_header_gives_a_range_within_the_file(header: str, size: int) -> None:
    with contextlib.suppress(Unsatisfiable):
        found = wanted(header, size=size)
        assert found is None or 0 <= found.first <= found.last < size
