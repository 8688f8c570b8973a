"""The OpenAPI 3.1 document, drawn from the declared routes."""

import inspect
import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.infrastructure import errors, idempotency
from server.infrastructure.errors import Problem
from server.infrastructure.http.json_schema import inlined, untitled
from server.infrastructure.http.routing import PREFIX, Access, Route
from server.infrastructure.http.schemas import ProblemOut

OPENAPI: Final = "3.1.0"
REFERENCE: Final = "#/components/schemas/{model}"
PROBLEMS: Final[Mapping[type[Problem], str]] = {
    Problem: "The request is not as it must be",
    errors.Unauthorised: "Who calls is not known: no credential, or none that is good",
    errors.NotPermitted: "Not with these rights, or not from this origin",
    errors.NotFound: "Absent, or somebody else's: the same answer",
    errors.Conflict: "The state says otherwise; `code` and `params` say which",
    errors.Gone: "It was there, and is no more",
    errors.TooLarge: "More than is taken",
    errors.UnsupportedMedia: "Not of a type that is taken",
    errors.Unprocessable: "A field is wrong; `params.fields` says which",
    errors.Locked: "Locked for a while; `params.until` says how long",
    errors.TooMany: "Too often; `params.retry_after_seconds` says when to come again",
    errors.Unavailable: "Not now; try again in a moment",
}
RANGE_UNMET: Final = {
    "description": "The range lies outside the file; `Content-Range` has its size"
}
SUCCESSES: Final = {200: "Done", 201: "Made", 204: "Done", 206: "The range that was asked for"}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Sent twice, done once: the second gets the first one's answer",
    "schema": {"type": "string", "minLength": 1, "maxLength": idempotency.KEY_MAX},
}
RANGE: Final = {
    "name": "Range",
    "in": "header",
    "description": "One range of bytes (RFC 9110, 14.2)",
    "schema": {"type": "string", "examples": ["bytes=0-1023"]},
}
PAGE: Final = {
    "name": "X-Virtual-Window-Page",
    "in": "header",
    "description": "Whose cookie counts in a browser that holds both; `?page=` where no header "
    "can be sent",
    "schema": {"type": "string", "enum": ["kiosk", "console"]},
}
SECURITY_SCHEMES: Final = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Staff, by a token of `POST /api/v1/auth/tokens`",
    },
    "resident": {
        "type": "apiKey",
        "in": "cookie",
        "name": "rvw_resident",
        "description": "A visit; over TLS the cookie is named `__Host-rvw_resident`",
    },
    "staff": {
        "type": "apiKey",
        "in": "cookie",
        "name": "rvw_agent",
        "description": "A log-in; over TLS the cookie is named `__Host-rvw_agent`",
    },
}
Names = Mapping[type[BaseModel], Any]


def document(
    routes: Sequence[Route], *, title: str, version: str, description: str
) -> dict[str, Any]:
    """The whole document; the same for every reader."""
    modes: list[Any] = [(model, _mode(model, routes)) for model in _models(routes)]
    names, schemas = models_json_schema(modes, ref_template=REFERENCE)
    by_model = {model: names[model, mode] for model, mode in modes}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        methods = paths.setdefault(PREFIX + route.path, {})
        methods[route.method.lower()] = _operation(route, by_model)
    return {
        "openapi": OPENAPI,
        "info": {
            "title": title,
            "version": version,
            "description": description,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": _tags(routes),
        "paths": paths,
        "components": {
            "schemas": untitled(schemas.get("$defs", {})),
            "parameters": {"IdempotencyKey": IDEMPOTENCY_KEY, "Page": PAGE, "Range": RANGE},
            "responses": _problem_responses(by_model),
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _models(routes: Sequence[Route]) -> list[type[BaseModel]]:
    found: set[type[BaseModel]] = {ProblemOut}
    for route in routes:
        found |= {model for model in (route.body, route.answer) if model is not None}
    return sorted(found, key=lambda model: model.__name__)


def _mode(model: type[BaseModel], routes: Sequence[Route]) -> str:
    given_out = model is ProblemOut or any(route.answer is model for route in routes)
    return "serialization" if given_out else "validation"


def _tags(routes: Sequence[Route]) -> list[dict[str, str]]:
    """The subjects, in the order of their routes, as their packages describe themselves."""
    packages = dict.fromkeys(_package(route) for route in routes)
    tags = []
    for package in packages:
        told = inspect.getdoc(import_module(package)) or ""
        tags.append({"name": package.rpartition(".")[2], "description": told})
    return tags


def _package(route: Route) -> str:
    return route.handler.__module__.rpartition(".")[0]


def _operation(route: Route, names: Names) -> dict[str, Any]:
    summary, _, more = (inspect.getdoc(route.handler) or route.name).strip().partition("\n")
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": summary.rstrip("."),
        "tags": [_package(route).rpartition(".")[2]],
        "parameters": _parameters(route),
        "responses": _responses(route, names),
        "security": _security(route.access),
    }
    if more.strip():
        operation["description"] = more.strip()
    if (body := _request_body(route, names)) is not None:
        operation["requestBody"] = body
    return operation


def _operation_id(route: Route) -> str:
    words = re.findall(r"[A-Za-z0-9]+", route.path)
    return "_".join([route.method.lower(), *words])


# --- what goes in


def _parameters(route: Route) -> list[dict[str, Any]]:
    parameters = [*_path_parameters(route), *_query_parameters(route)]
    if route.access is not Access.PUBLIC:
        parameters.append({"$ref": "#/components/parameters/Page"})
    if route.is_command or route.keyed:
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if 206 in route.also:
        parameters.append({"$ref": "#/components/parameters/Range"})
    return parameters


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    texts = {"code", "kind", "org", "reference"}  # all others are ids
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string"} | ({} if name in texts else {"format": "uuid"}),
        }
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = inlined(route.query.model_json_schema())
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": part}
        for name, part in schema.get("properties", {}).items()
    ]


def _request_body(route: Route, names: Names) -> dict[str, Any] | None:
    if route.upload is not None:
        fields = inlined(route.upload.fields.model_json_schema())
        file = {"type": "string", "format": "binary"}
        fields["properties"] = {"file": file} | fields["properties"]
        fields["required"] = ["file", *fields.get("required", [])]
        media_types = ", ".join(route.upload.media_types)
        content = {"schema": fields, "encoding": {"file": {"contentType": media_types}}}
        return {"required": True, "content": {"multipart/form-data": content}}
    if route.body is None:
        return None
    # A DELETE may come without one.
    return {
        "required": route.method != "DELETE",
        "content": {"application/json": {"schema": names[route.body]}},
    }


# --- what comes out


def _responses(route: Route, names: Names) -> dict[str, Any]:
    answers = {str(status): _success(route, status, names) for status in _statuses(route)}
    for problem in _problems(route):
        answers[str(problem.status)] = {"$ref": f"#/components/responses/{problem.__name__}"}
    if 206 in route.also:
        answers["416"] = RANGE_UNMET
    answers["default"] = {"$ref": "#/components/responses/Problem"}
    return answers


def _statuses(route: Route) -> list[int]:
    bodiless = route.answer is None and route.produces is None
    return sorted({204 if bodiless else route.status, *route.also})


def _success(route: Route, status: int, names: Names) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": SUCCESSES[status]}
    if route.answer is not None:
        answer["content"] = {"application/json": {"schema": names[route.answer]}}
    elif route.produces is not None and route.method != "HEAD":
        # Raw bytes have a media type and no schema (OpenAPI 3.1, 4.8.14.1).
        answer["content"] = {route.produces: {}}
    return answer


def _problems(route: Route) -> list[type[Problem]]:
    """What a route of its kind may answer, by status."""
    found = set(route.problems)
    if route.access is not Access.PUBLIC:
        found |= {errors.Unauthorised, errors.NotPermitted}
    if "{" in route.path:
        found.add(errors.NotFound)
    if route.method not in {"GET", "HEAD"}:
        found.add(errors.Conflict)
    if route.body is not None or route.upload is not None:
        found |= {errors.TooLarge, errors.UnsupportedMedia}
    if route.body is not None or route.upload is not None or route.query is not None:
        found.add(errors.Unprocessable)
    return sorted(found, key=lambda problem: problem.status)


def _problem_responses(names: Names) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": names[ProblemOut]}}
    return {
        problem.__name__: {"description": told, "content": content}
        for problem, told in PROBLEMS.items()
    }


def _security(access: Access) -> list[dict[str, list[str]]]:
    staff: list[dict[str, list[str]]] = [{"bearer": []}, {"staff": []}]
    resident: list[dict[str, list[str]]] = [{"resident": []}]
    return {
        Access.PUBLIC: [],
        Access.STAFF: staff,
        Access.RESIDENT: resident,
        Access.ANYONE_KNOWN: staff + resident,
    }[access]
