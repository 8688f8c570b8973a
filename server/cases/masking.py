"""Sensitive values as those see them who do not need all of them (`x-mask` of a form's schema)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from server.cases.forms import Fields, Schema

STAR: Final = "*"
_HIDDEN: Final = STAR * 4


def masked(schema: Schema, fields: Fields) -> Fields:
    """`fields` with every value masked that the schema marks, also within lists and groups."""
    properties = schema.get("properties", {})
    return {name: _value(properties.get(name, {}), value) for name, value in fields.items()}


def mask(kind: str, value: str) -> str:
    """`value` masked as a `kind`; one of an unknown kind is hidden whole."""
    return _MASKS.get(kind, _whole)(value)


def _value(schema: Schema, value: Any) -> Any:
    kind = schema.get("x-mask")
    if kind is not None:
        return mask(kind, value) if isinstance(value, str) else _HIDDEN
    if isinstance(value, dict) and "properties" in schema:
        return masked(schema, value)
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        return [_value(schema["items"], child) for child in value]
    return value


def _keep(value: str, *, head: int, tail: int) -> str:
    """Stars but for `head` characters at the begin and `tail` at the end; a short one is hidden."""
    hidden = len(value) - head - tail
    if hidden <= 0:
        return _whole(value)
    return value[:head] + STAR * hidden + value[len(value) - tail :]


def _name(value: str) -> str:
    """李*, 李*例: the family name, and of three characters and more the last one."""
    if len(value) <= 1:
        return _whole(value)
    return _keep(value, head=1, tail=1 if len(value) > 2 else 0)


def _address(value: str) -> str:
    """City and district stay; street and house do not."""
    return value[:6] + _HIDDEN if len(value) > 6 else _whole(value)


def _whole(value: str) -> str:
    return STAR * max(1, min(len(value), len(_HIDDEN)))


_MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "name": _name,
    "id-number": lambda value: _keep(value, head=3, tail=4),
    "phone": lambda value: _keep(value, head=3, tail=4),
    "bank-account": lambda value: _keep(value, head=0, tail=4),
    "address": _address,
}
