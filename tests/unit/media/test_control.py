"""Tokens, keys and the event log of the worker's RPC."""

import asyncio
import time
from pathlib import Path
from typing import Any

import jwt
import pytest

from signaling.media.control import tokens
from signaling.media.control.keys import load_or_make
from signaling.media.control.tokens import TokenRefused, Verifier, sign
from signaling.media.events import REMEMBERED_EVENTS, EventLog


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, Path]:
    """(the application's private key, the file of the public one)."""
    return load_or_make(tmp_path / "keys"), tmp_path / "keys" / "rpc.pub.pem"


def token(private: str, **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": tokens.ISSUER,
        "aud": tokens.AUDIENCE,
        "sub": "w",
        "iat": now,
        "exp": now + 20,
        "jti": f"{changes}",
        **changes,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, private, "ES256", headers={"typ": tokens.TYPE})


def test_a_token_counts_once(keys: tuple[str, Path]) -> None:
    private, public = keys
    verifier = Verifier(public, "w")
    made = sign(private, "w")
    verifier.verify(made)
    with pytest.raises(TokenRefused):
        verifier.verify(made)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "somebody-else"},
        {"iss": "somebody-else"},
        {"sub": "another-worker"},
        {"exp": -60},
        {"exp": 3600},
        {"iat": 60},
        {"jti": None},
        {"exp": None},
        {"iat": None},
        {"sub": None},
    ],
    ids=str,
)
def test_tokens_that_say_something_else_are_refused(
    keys: tuple[str, Path], changes: dict[str, Any]
) -> None:
    private, public = keys
    now = int(time.time())  # whole numbers are seconds from now
    told = {
        name: now + value if isinstance(value, int) else value for name, value in changes.items()
    }
    with pytest.raises(TokenRefused):
        Verifier(public, "w").verify(token(private, **told))


def test_forged_tokens_are_refused(keys: tuple[str, Path], tmp_path: Path) -> None:
    private, public = keys
    verifier = Verifier(public, "w")
    other = load_or_make(tmp_path / "other")
    unsigned = jwt.encode({"aud": "media-worker"}, "", "none")
    symmetric = jwt.encode({"aud": "media-worker"}, "x" * 32, "HS256")
    untyped = jwt.encode(
        jwt.decode(token(private), options={"verify_signature": False}), private, "ES256"
    )
    for forged in ("", "a.b.c", token(other), unsigned, symmetric, untyped):
        with pytest.raises(TokenRefused):
            verifier.verify(forged)


def test_a_worker_that_is_up_before_the_key_refuses_until_it_comes(tmp_path: Path) -> None:
    verifier = Verifier(tmp_path / "keys" / "rpc.pub.pem", "w")
    with pytest.raises(TokenRefused):
        verifier.verify("anything")
    verifier.verify(sign(load_or_make(tmp_path / "keys"), "w"))


def test_the_key_is_private_and_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = load_or_make(folder)
    assert load_or_make(folder) == first
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {
        "rpc.pem": "0o600",
        "rpc.pub.pem": "0o600",
    }


def test_a_lost_public_key_is_written_again(tmp_path: Path) -> None:
    load_or_make(tmp_path)
    public = (tmp_path / "rpc.pub.pem").read_bytes()
    (tmp_path / "rpc.pub.pem").unlink()
    load_or_make(tmp_path)
    assert (tmp_path / "rpc.pub.pem").read_bytes() == public


async def test_events_are_replayed_and_followed() -> None:
    log = EventLog()
    log.add("a", "s", 1, {"x": 1})
    log.add("b", "s", 1, {})
    seen: list[int] = []

    async def read() -> None:
        async for event in log.follow(1, 60.0):
            assert event is not None
            seen.append(event["number"])

    reader = asyncio.create_task(read())
    await asyncio.sleep(0)
    log.add("c", "s", 1, {})
    await asyncio.sleep(0.01)
    assert seen == [2, 3]
    log.add("d", "s", 1, {})
    log.close()
    await reader
    assert seen == [2, 3, 4]


async def test_a_quiet_log_gives_signs_of_life() -> None:
    log = EventLog()
    async for event in log.follow(0, 0.01):
        assert event is None
        break


async def test_only_the_newest_events_are_kept() -> None:
    log = EventLog()
    for _ in range(REMEMBERED_EVENTS + 5):
        log.add("a", "s", 1, {})
    assert [event["number"] for event in log.after(0)][:1] == [6]
    assert log.after(REMEMBERED_EVENTS + 5) == []
    assert log.after(REMEMBERED_EVENTS + 50) == []
