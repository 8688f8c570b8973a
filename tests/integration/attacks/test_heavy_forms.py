"""No form that may be stored takes long to look at: it is looked at whenever a page shows it."""

import time
from typing import Any

import pytest

from server.cases import forms

SCHEMA = {
    "type": "object",
    "properties": {"kinds": {"type": "array", "uniqueItems": True}},
}


def test_many_items_are_looked_at_in_time() -> None:
    kinds: list[Any] = [{"a": number} if number % 2 else [number] for number in range(6000)]
    fields = forms.clean(SCHEMA, {"kinds": kinds})
    started = time.process_time()
    assert not forms.problems(SCHEMA, fields)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("kinds", "repeated"),
    [
        (["a", "b"], False),
        (["a", "a"], True),
        ([1, 1.0], True),
        ([1, True], False),
        ([1, "1"], False),
        ([None, 0, "", [], {}], False),
        ([{"a": 1, "b": 2}, {"b": 2, "a": 1.0}], True),
        ([[1, 2], [2, 1]], False),
    ],
)
def test_what_is_there_twice_is_told(kinds: list[Any], repeated: bool) -> None:
    codes = [problem.code for problem in forms.problems(SCHEMA, {"kinds": kinds})]
    assert codes == (["repeated"] if repeated else [])
