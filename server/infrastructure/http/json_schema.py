"""Makes pydantic's JSON schemas fit for documents."""

from typing import Any


def untitled(schema: Any) -> Any:
    """`schema` without the titles that pydantic makes from names: they say nothing new.

    A property that is called `title` stays: its value is a schema, not a text.
    """
    if isinstance(schema, list):
        return [untitled(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: untitled(part)
        for key, part in schema.items()
        if not (key == "title" and isinstance(part, str))
    }


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema`, untitled, with its own definitions in place of references to them."""
    definitions = schema.get("$defs", {})

    def resolved(part: Any) -> Any:
        if isinstance(part, list):
            return [resolved(one) for one in part]
        if not isinstance(part, dict):
            return part
        if (reference := part.get("$ref")) is not None:
            rest = {key: value for key, value in part.items() if key != "$ref"}
            return resolved(definitions[reference.rpartition("/")[2]]) | rest
        return {key: resolved(value) for key, value in part.items() if key != "$defs"}

    whole: dict[str, Any] = untitled(resolved(schema))
    return whole
