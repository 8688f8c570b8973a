"""The OpenAPI 3.1 document, drawn from the declared routes."""

import inspect
import re
from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.infrastructure.http.routing import PREFIX, Access, Route
from server.infrastructure.http.schemas import ProblemOut

VERSION: Final = "3.1.0"
REFERENCE: Final = "#/components/schemas/{model}"
PROBLEM: Final = {
    "application/problem+json": {"schema": {"$ref": REFERENCE.format(model="ProblemOut")}}
}


def document(routes: Sequence[Route], *, title: str, version: str) -> dict[str, Any]:
    """The whole document; the same for every reader."""
    models = {model for route in routes for model in (route.body, route.answer, route.query)}
    used = sorted({m for m in models if m is not None} | {ProblemOut}, key=lambda m: m.__name__)
    modes: list[Any] = [(model, _mode(model, routes)) for model in used]
    names, schemas = models_json_schema(modes, ref_template=REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operation = _operation(route, {model: names[model, mode] for model, mode in modes})
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = operation
    return {
        "openapi": VERSION,
        "info": {"title": title, "version": version, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "resident": {"type": "apiKey", "in": "cookie", "name": "rvw_resident"},
                "staff": {"type": "apiKey", "in": "cookie", "name": "rvw_agent"},
            },
        },
    }


def _mode(model: type[BaseModel], routes: Sequence[Route]) -> str:
    return "serialization" if any(route.answer is model for route in routes) else "validation"


def _operation(route: Route, names: dict[type[BaseModel], Any]) -> dict[str, Any]:
    summary = (inspect.getdoc(route.handler) or route.name).strip()
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": summary.splitlines()[0],
        "tags": [route.path.split("/")[1]],
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": {
            str(route.status if route.answer or route.status != 200 else 200): _success(
                route, names
            ),
            "4XX": {"description": "What is wrong, and what to do", "content": PROBLEM},
        },
        "security": _security(route.access),
    }
    if route.body is not None:
        schema = names[route.body]
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    if route.is_command:
        operation["parameters"].append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "schema": {"type": "string", "maxLength": 128},
                "description": "Sent twice, done once: the second gets the first one's answer",
            }
        )
    return operation


def _success(route: Route, names: dict[type[BaseModel], Any]) -> dict[str, Any]:
    if route.answer is None:
        return {"description": "Done"}
    return {
        "description": "Done",
        "content": {"application/json": {"schema": names[route.answer]}},
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


def _operation_id(route: Route) -> str:
    words = re.findall(r"[A-Za-z0-9]+", route.path)
    return "_".join([route.method.lower(), *words])


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema(ref_template=REFERENCE)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": part}
        for name, part in schema.get("properties", {}).items()
    ]
