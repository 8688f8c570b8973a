"""What those see of sensitive values who do not need all of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.cases.masking import mask, masked
from tests.support.visits import SCHEMA


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        ("name", "李示例", "李*例"),
        ("name", "李例", "李*"),
        ("name", "李", "*"),
        ("id-number", "310100199005070024", "310***********0024"),
        ("phone", "15400000005", "154****0005"),
        ("phone", "123", "***"),
        ("bank-account", "6222020000001234567", "***************4567"),
        ("address", "上海市普陀区示例路1号", "上海市普陀区****"),
        ("address", "示例路1号", "****"),
        ("blood-group", "A", "*"),
        ("blood-group", "something long", "****"),
    ],
)
def test_mask(kind: str, value: str, seen: str) -> None:
    assert mask(kind, value) == seen


def test_only_marked_fields_are_masked() -> None:
    seen = masked(SCHEMA, {"applicant_name": "李示例", "area": 3, "kinds": ["a"]})
    assert seen == {"applicant_name": "李*例", "area": 3, "kinds": ["a"]}


def test_value_of_a_wrong_type_is_hidden_whole() -> None:
    assert masked(SCHEMA, {"id_number": 310100199005070024}) == {"id_number": "****"}
    assert masked(SCHEMA, {"id_number": {"no": "310100199005070024"}}) == {"id_number": "****"}


def test_marks_within_lists_and_groups_count() -> None:
    person: dict[str, Any] = {"properties": {"name": {"x-mask": "name"}, "age": {}}}
    schema = {"properties": {"members": {"items": person}, "spouse": person}}
    fields: dict[str, Any] = {"members": [{"name": "李示例", "age": 3}], "spouse": {"name": "赵样"}}
    assert masked(schema, fields) == {
        "members": [{"name": "李*例", "age": 3}],
        "spouse": {"name": "赵*"},
    }


@given(
    st.sampled_from(["name", "id-number", "phone", "bank-account", "address", "other"]),
    st.text(alphabet="abcdef", min_size=1, max_size=40),
)
def test_something_is_always_hidden(kind: str, value: str) -> None:
    seen = mask(kind, value)
    assert "*" in seen
    assert seen != value
