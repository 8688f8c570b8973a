"""Sentences that people read, by subject, code and language: `<subject>.<language>.json`."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def sentences(subject: str, language: str) -> Mapping[str, str]:
    """Code to sentence, with `{param}` places."""
    source = resources.files("server.texts").joinpath(f"{subject}.{language}.json")
    loaded: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return loaded
