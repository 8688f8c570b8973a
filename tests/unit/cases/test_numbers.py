"""Case numbers as people read them."""

import datetime as dt

import pytest

from server.cases.numbers import prefix_of, written


def test_number_is_written_as_agreed() -> None:
    assert written("PT", dt.date(2024, 3, 6), 42) == "PT-2024-0306-000042"


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("/shanghai/putuo/caoyang/", "PT"),
        ("/shanghai/putuo/", "PT"),
        ("/shanghai/minhang/a/b/", "MINHANG"),
        ("/suzhou/", "SUZHOU"),
    ],
)
def test_a_district_has_a_prefix_of_its_own(path: str, prefix: str) -> None:
    assert prefix_of(path) == prefix
