"""Manifests as the sealing process writes them, without the sealing."""

import datetime as dt
import hashlib
from typing import Any
from uuid import UUID

from server.infrastructure.clock import wire_time
from server.infrastructure.ids import new_id


def recorded_file(content: bytes, **changes: Any) -> dict[str, Any]:
    return {
        "name": f"{new_id()}.webm",
        "participant_id": str(new_id()),
        "connection_id": str(new_id()),
        "role": "resident",
        "kind": "person",
        "audience": "all",
        "offset_ms": 100,
        "duration_ms": 5_000,
        "frames": {"audio": 250, "video": 75},
        "gaps": [{"from_ms": 1_000, "to_ms": 1_500, "reason": "loss", "media": "video"}],
        "lost_packets": 3,
        "width": 320,
        "height": 240,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    } | changes


def manifest(
    session_id: UUID,
    files: list[dict[str, Any]],
    *,
    started_at: dt.datetime,
    epoch: int = 1,
    closed: bool = True,
    torn_bytes: int = 0,
) -> dict[str, Any]:
    return {
        "format": 1,
        "session_id": str(session_id),
        "epoch": epoch,
        "started_at": wire_time(started_at),
        "duration_ms": 5_100,
        "labels": {},
        "files": files,
        "log": {
            "blocks": 1,
            "packets": 325,
            "chain": "0" * 64,
            "closed": closed,
            "torn_bytes": torn_bytes,
        },
    }
