"""JSON lines on standard error. Fields come from an allow list: no personal data gets in."""

import datetime as dt
import json
import logging
import sys
from typing import Any, Final

from aiohttp.http_exceptions import HttpProcessingError

ALLOWED: Final = frozenset(
    {
        "call",
        "count",
        "duration_ms",
        "epoch",
        "error_id",
        "extension",
        "loop",
        "method",
        "on",
        "principal_kind",
        "reason",
        "route",
        "session_id",
        "status",
        "worker",
        "worker_id",
    }
)


class JsonLines(logging.Formatter):
    """One object a line: time, level, logger, message, allowed fields, trace."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: record.__dict__[name] for name in ALLOWED if name in record.__dict__})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _is_ours(record: logging.LogRecord) -> bool:
    """Not what aiohttp says of requests that are no HTTP: anybody can send them, as many as they
    like, and their bytes would stand in the log."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def configure(process: str, *, level: int = logging.INFO) -> None:
    """Log as JSON lines from now on. process: which of our processes this is."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("aiohttp.server").addFilter(_is_ours)
    for quiet in ("aiohttp.access", "engineio", "socketio", "alembic"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
