"""Forms: drafts are kept as they are, and what they lack is told by field."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.cases import forms
from server.cases.errors import FieldsTooLarge, FieldsUnknown
from tests.support.visits import COMPLETE, SCHEMA

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


def codes(fields: dict[str, Any]) -> dict[str, str]:
    return {problem.field: problem.code for problem in forms.problems(SCHEMA, fields)}


def test_complete_form_has_no_problem() -> None:
    assert codes(COMPLETE) == {}


def test_what_is_missing_is_told_in_the_order_of_the_form() -> None:
    found = forms.problems(SCHEMA, {})
    assert [(problem.field, problem.code) for problem in found] == [
        ("applicant_name", "required"),
        ("id_number", "required"),
        ("area", "required"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("applicant_name", 7, "type"),
        ("applicant_name", "名" * 51, "too_long"),
        ("id_number", "310", "format"),
        ("area", 0, "too_small"),
        ("area", "86", "type"),
        ("kinds", ["a", "c"], "not_listed"),
        ("born_on", "2026-02-30", "format"),
        ("online", "yes", "type"),
    ],
)
def test_wrong_value_is_told_under_its_field(field: str, value: Any, code: str) -> None:
    assert codes(COMPLETE | {field: value}) == {field: code}


def test_limit_says_what_would_be_right() -> None:
    (problem,) = forms.problems(SCHEMA, COMPLETE | {"applicant_name": "名" * 51})
    assert problem.limit == 50


def test_field_that_the_form_does_not_have_is_refused() -> None:
    with pytest.raises(FieldsUnknown) as refused:
        forms.clean(SCHEMA, {"applicant_name": "李", "colour": "red"})
    assert refused.value.params["fields"] == ["colour"]


def test_empty_values_are_not_kept() -> None:
    assert forms.clean(SCHEMA, {"applicant_name": "", "phone": None, "kinds": []}) == {}
    assert forms.clean(SCHEMA, {"online": False, "area": 0}) == {"online": False, "area": 0}


def test_form_above_the_bound_is_refused() -> None:
    with pytest.raises(FieldsTooLarge):
        forms.clean(SCHEMA, {"applicant_name": "名" * 30_000})


@pytest.mark.parametrize("reference", ["https://example.org/schema", "other.json", "file:///x"])
def test_schema_that_refers_outside_itself_is_never_followed(reference: str) -> None:
    schema = {"properties": {"a": {"items": {"$ref": reference}}}}
    with pytest.raises(forms.SchemaUnusable):
        forms.problems(schema, {"a": [1]})


@given(st.dictionaries(st.sampled_from(list(SCHEMA["properties"])), json_values))
def test_any_draft_is_kept_and_judged(fields: dict[str, Any]) -> None:
    kept = forms.clean(SCHEMA, fields)
    found = forms.problems(SCHEMA, kept)
    assert {problem.field for problem in found} <= set(SCHEMA["properties"])
    assert forms.search_text("PT-1", kept).startswith("pt-1")
