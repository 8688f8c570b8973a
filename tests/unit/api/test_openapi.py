"""The OpenAPI document says what the routes do, in a form that others' tools read."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from server import api
from server.infrastructure.http.json_schema import inlined, untitled
from server.infrastructure.http.openapi import PROBLEMS
from server.infrastructure.http.routing import PREFIX, Access

ROUTES = api.declared()
DOCUMENT = api.document(ROUTES)
OPERATIONS = [described for methods in DOCUMENT["paths"].values() for described in methods.values()]


def operation(method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][PREFIX + path][method]
    return found


def test_document_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_every_route_is_described_once() -> None:
    described = {
        (method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods
    }
    assert described == {(route.method, PREFIX + route.path) for route in ROUTES}
    ids = [one["operationId"] for one in OPERATIONS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("described", OPERATIONS, ids=lambda one: one["operationId"])
def test_operation_has_words_a_tag_and_a_problem(described: dict[str, Any]) -> None:
    assert len(described["summary"]) > 5
    assert not described["summary"].endswith(".")
    assert described["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    assert described["responses"]["default"] == {"$ref": "#/components/responses/Problem"}
    assert any(status.startswith("2") for status in described["responses"])


def test_every_tag_is_explained() -> None:
    assert all(len(tag["description"]) > 20 for tag in DOCUMENT["tags"])


def test_every_kind_of_problem_is_a_response() -> None:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
    responses = DOCUMENT["components"]["responses"]
    assert set(responses) == {problem.__name__ for problem in PROBLEMS}
    assert all(response["content"] == content for response in responses.values())


def test_who_may_call_is_said() -> None:
    for route in ROUTES:
        described = operation(route.method.lower(), route.path)
        assert (described["security"] == []) == (route.access is Access.PUBLIC)
        assert route.access is Access.PUBLIC or "401" in described["responses"]


def test_upload_is_multipart_with_a_file_of_named_types() -> None:
    described = operation("post", "/sessions/{id}/materials")
    content = described["requestBody"]["content"]["multipart/form-data"]
    assert content["schema"]["required"] == ["file"]
    assert list(content["schema"]["properties"]) == ["file", "material_code", "page"]
    assert content["encoding"]["file"]["contentType"] == "image/jpeg, image/png"
    assert {"413", "415", "422"} <= described["responses"].keys()


def test_pictures_and_films_are_bytes_of_their_type() -> None:
    picture = operation("get", "/materials/{id}/image")["responses"]["200"]
    assert list(picture["content"]) == ["image/jpeg"]
    film = operation("get", "/recordings/{id}/files/{file_id}")
    assert {
        status: list(film["responses"][status].get("content", {})) for status in ("200", "206")
    } == {"200": ["video/webm"], "206": ["video/webm"]}
    assert "416" in film["responses"]
    assert {"$ref": "#/components/parameters/Range"} in film["parameters"]
    head = operation("head", "/recordings/{id}/files/{file_id}")
    assert "content" not in head["responses"]["200"]


def test_command_without_an_answer_says_204_alone() -> None:
    described = operation("post", "/offers/{id}/reject")
    assert [status for status in described["responses"] if status.startswith("2")] == ["204"]


def test_opening_a_visit_says_made_and_given_again() -> None:
    answers = operation("post", "/residents")["responses"]
    assert answers["200"]["content"] == answers["201"]["content"]


def test_schemas_have_no_made_up_titles_and_keep_their_own_fields() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert "title" not in schemas["TicketOut"]
    assert schemas["ProblemOut"]["properties"]["title"] == {"type": "string"}
    assert schemas["TicketOut"]["properties"]["created_at"]["format"] == "date-time"


def test_definitions_are_put_in_place_of_references() -> None:
    schema = {
        "$defs": {"A": {"title": "A", "enum": ["x"]}},
        "properties": {"a": {"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}], "default": None}},
    }
    assert inlined(schema) == {
        "properties": {"a": {"anyOf": [{"enum": ["x"]}, {"type": "null"}], "default": None}}
    }
    assert untitled({"title": "T", "properties": {"title": {"title": "Title"}}}) == {
        "properties": {"title": {}}
    }
