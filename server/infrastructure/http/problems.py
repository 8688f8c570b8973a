"""The one place where an error becomes a problem document (RFC 9457) in the caller's language."""

import json
import logging
import secrets
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web
from pydantic import ValidationError

from server.infrastructure.blobs import BlobsAway
from server.infrastructure.database import may_be_repeated
from server.infrastructure.errors import Problem, Unavailable, Unprocessable
from server.texts import sentences

LANGUAGES: Final = ("zh-CN", "en")
TYPE_PREFIX: Final = "urn:virtual-window:problem:"

_log = logging.getLogger(__name__)


def language_of(request: web.Request) -> str:
    """The language of `Accept-Language` that we speak; zh-CN where none fits."""
    for part in request.headers.get("Accept-Language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("en"):
            return "en"
        if tag.startswith("zh"):
            return "zh-CN"
    return "zh-CN"


def texts(language: str) -> Mapping[str, str]:
    """Code to sentence, with `{param}` places; it says what to do."""
    return sentences("problems", language)


class _Params(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def document(problem: Problem, language: str) -> dict[str, Any]:
    """The problem document of `problem`; a code without a text gets its status' general one."""
    known = texts(language)
    sentence = known.get(problem.code) or known[f"status_{problem.status}"]
    return {
        "type": TYPE_PREFIX + problem.code,
        "code": problem.code,
        "title": known[f"status_{problem.status}"],
        "status": problem.status,
        "detail": sentence.format_map(_Params(problem.params)),
        "params": dict(problem.params),
    }


def response(problem: Problem, language: str) -> web.Response:
    return web.json_response(
        document(problem, language),
        status=problem.status,
        content_type="application/problem+json",
        dumps=lambda value: json.dumps(value, ensure_ascii=False, default=str),
    )


def from_validation(error: ValidationError) -> Unprocessable:
    """What is wrong with a body, by field, without repeating what was sent."""
    fields: list[dict[str, Any]] = [
        {"field": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]}
        for item in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    names = ", ".join(item["field"] for item in fields)
    return Unprocessable("body_invalid", fields=fields, names=names)


class Unexpected(Problem):
    """Our own fault; `id` finds the trace in the log."""

    status = 500


def of(error: Exception) -> Problem:
    """What a caller is told of an error that no use case foresaw.

    While the database or the blob store is away: to come again, with the same Idempotency-Key.
    """
    if may_be_repeated(error):
        _log.warning("the database is away", extra={"reason": type(error).__name__})
        return Unavailable("database_away")
    if isinstance(error, BlobsAway):
        _log.warning("the blob store is away", extra={"reason": type(error).__name__})
        return Unavailable("storage_away")
    return unexpected(error)


def unexpected(error: Exception) -> Unexpected:
    mark = secrets.token_hex(4)
    _log.error("request failed", exc_info=error, extra={"error_id": mark})
    return Unexpected("unexpected", id=mark)
