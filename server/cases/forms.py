"""A form's values against its JSON schema (draft 2020-12): drafts are kept, problems are told."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from pydantic import JsonValue

from server.cases.errors import FieldsTooLarge, FieldsUnknown
from server.infrastructure.http.schemas import Out

Schema = Mapping[str, Any]
Fields = dict[str, JsonValue]

FIELDS_BYTES: Final = 64 * 1024
NAMES_TOLD: Final = 20
ERRORS_READ: Final = 500
_DATES: Final = FormatChecker(["date"])
# Schema keyword to the problem's code; what is not here is `invalid`.
_CODES: Final[Mapping[str, str]] = {
    "type": "type",
    "format": "format",
    "pattern": "format",
    "enum": "not_listed",
    "const": "not_listed",
    "minLength": "too_short",
    "maxLength": "too_long",
    "minItems": "too_few",
    "maxItems": "too_many",
    "uniqueItems": "repeated",
    "minimum": "too_small",
    "exclusiveMinimum": "too_small",
    "maximum": "too_large",
    "exclusiveMaximum": "too_large",
    "required": "required",
}
_LIMITS: Final = frozenset(_CODES) - {"pattern", "enum", "const", "required", "uniqueItems"}


class SchemaUnusable(ValueError):
    """The catalogue's schema refers outside itself; nothing is ever fetched to read one."""


class FieldProblem(Out):
    """What a value lacks. limit: the schema's figure, type or format, where it has one."""

    field: str
    code: str
    limit: str | int | float | None = None


def clean(schema: Schema, fields: Fields) -> Fields:
    """`fields` without those left empty. Raises FieldsUnknown, FieldsTooLarge."""
    known = schema.get("properties", {})
    unknown = [name[:80] for name in fields if name not in known]
    if unknown:
        raise FieldsUnknown(sorted(unknown)[:NAMES_TOLD])
    if len(json.dumps(fields, ensure_ascii=False).encode()) > FIELDS_BYTES:
        raise FieldsTooLarge(FIELDS_BYTES)
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def problems(schema: Schema, fields: Fields) -> list[FieldProblem]:
    """What hinders that the form is submitted, in the order of the form; one problem a field.

    Raises SchemaUnusable.
    """
    if any(not reference.startswith("#") for reference in _references(schema)):
        raise SchemaUnusable(str(schema.get("$id")))
    validator = _VALIDATOR(schema, format_checker=_DATES)
    found: dict[str, FieldProblem] = {}
    # Some are enough to say that it is not complete.
    for error in islice(validator.iter_errors(fields), ERRORS_READ):
        for field in _fields_of(error, schema, fields):
            found.setdefault(field, _problem(field, error))
    order = {name: at for at, name in enumerate(schema.get("properties", {}))}
    return sorted(found.values(), key=lambda problem: order.get(problem.field, len(order)))


def applicant_field(schema: Schema) -> str | None:
    """The field that says whose case it is: the form's first."""
    return next(iter(schema.get("properties", {})), None)


def search_text(number: str, fields: Fields) -> str:
    """What a search looks through: number and every value, one a line, in lower case."""
    return "\n".join([number, *(str(value) for value in _leaves(fields))]).lower()


def _all_different(
    _validator: Any, wanted: bool, value: Any, _schema: Any
) -> Iterator[ValidationError]:
    """`uniqueItems` in linear time: the library compares each item with each other one, which is
    half a minute for 4,000 small objects, and a form may have them."""
    if wanted and isinstance(value, list):
        different = {json.dumps(_canonical(item), sort_keys=True) for item in value}
        if len(different) < len(value):
            yield ValidationError("has an item twice")


def _canonical(value: Any) -> Any:
    """1 and 1.0 are one number of JSON."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _canonical(child) for name, child in value.items()}
    if isinstance(value, list):
        return [_canonical(child) for child in value]
    return value


_VALIDATOR: Final = extend(Draft202012Validator, {"uniqueItems": _all_different})  # type: ignore[no-untyped-call]


def _fields_of(error: ValidationError, schema: Schema, fields: Fields) -> list[str]:
    if error.absolute_path:
        return [str(error.absolute_path[0])]
    if error.validator == "required":
        return [name for name in schema.get("required", ()) if name not in fields]
    # A rule over several fields (`anyOf` and such): it is told under the form's first field.
    first = applicant_field(schema)
    return [first] if first is not None else []


def _problem(field: str, error: ValidationError) -> FieldProblem:
    keyword = str(error.validator)
    limit = error.validator_value if keyword in _LIMITS else None
    return FieldProblem(
        field=field,
        code=_CODES.get(keyword, "invalid"),
        limit=limit if isinstance(limit, str | int | float) else None,
    )


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        for name, value in schema.items():
            if name in {"$ref", "$dynamicRef"} and isinstance(value, str):
                yield value
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for child in value.values():
            yield from _leaves(child)
    elif isinstance(value, list):
        for child in value:
            yield from _leaves(child)
    elif not isinstance(value, bool):
        yield value
