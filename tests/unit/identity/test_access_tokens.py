"""A token is ours, for here and in time, or it is refused (RFC 8725)."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import os
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from server.identity.keys import SigningKeys
from server.identity.tokens import AUDIENCE, ISSUER, AccessTokens, Claims, TokenBad, TokenExpired
from server.infrastructure.ids import new_id
from tests.support.subjects import MovableClock

CLAIMS = Claims(new_id(), new_id())


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SigningKeys:
    made = SigningKeys(tmp_path_factory.mktemp("keys"))
    made.load()
    return made


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def tokens(keys: SigningKeys, clock: MovableClock) -> AccessTokens:
    return AccessTokens(keys, clock)


def payload(clock: MovableClock, **other: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(CLAIMS.account_id),
        "sid": str(CLAIMS.login_session_id),
        "iat": now,
        "exp": now + 600,
    }
    return {name: value for name, value in {**good, **other}.items() if value is not None}


def signed(keys: SigningKeys, body: dict[str, Any], **header: Any) -> str:
    """As the product would sign it, but for what the test changes."""
    key = keys.current
    headers = {"kid": key.kid, "typ": "at+jwt", **header}
    return jwt.encode(body, key.private, algorithm="ES256", headers=headers)


def by_hand(header: dict[str, Any], body: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(body).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_issued_token_names_its_log_in(tokens: AccessTokens, clock: MovableClock) -> None:
    token = tokens.issue(CLAIMS, expires_at=clock.now() + dt.timedelta(minutes=10))
    assert tokens.verify(token) == CLAIMS
    header = jwt.get_unverified_header(token)
    assert (header["alg"], header["typ"]) == ("ES256", "at+jwt")
    clock.move(minutes=10)
    with pytest.raises(TokenExpired):
        tokens.verify(token)


def test_the_published_key_verifies_it(tokens: AccessTokens, clock: MovableClock) -> None:
    token = tokens.issue(CLAIMS, expires_at=clock.now() + dt.timedelta(minutes=10))
    (published,) = tokens.jwks()
    assert "d" not in published
    key = jwt.PyJWK(published).key
    read = jwt.decode(
        token,
        key,
        algorithms=["ES256"],
        audience=AUDIENCE,
        issuer=ISSUER,
        options={"verify_exp": False, "verify_iat": False},  # the test's clock stands elsewhere
    )
    assert read["sub"] == str(CLAIMS.account_id)


Forgery = Callable[[SigningKeys, MovableClock], str]


def unsigned(keys: SigningKeys, clock: MovableClock) -> str:
    return by_hand({"alg": "none", "typ": "at+jwt", "kid": keys.current.kid}, payload(clock))


def public_key_as_secret(keys: SigningKeys, clock: MovableClock) -> str:
    """HS256 over the public key, which everybody has."""
    pem = keys.current.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    header = {"alg": "HS256", "typ": "at+jwt", "kid": keys.current.kid}
    unsigned_token = by_hand(header, payload(clock)).removesuffix(".")
    mac = hmac.new(pem, unsigned_token.encode(), hashlib.sha256).digest()
    return f"{unsigned_token}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def foreign_key(keys: SigningKeys, clock: MovableClock) -> str:
    mine = ec.generate_private_key(ec.SECP256R1())
    headers = {"kid": keys.current.kid, "typ": "at+jwt"}
    return jwt.encode(payload(clock), mine, algorithm="ES256", headers=headers)


def key_in_the_header(name: str) -> Forgery:
    """The attacker's key named in the token itself."""

    def forge(keys: SigningKeys, clock: MovableClock) -> str:
        mine = ec.generate_private_key(ec.SECP256R1())
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(mine.public_key()))
        values = {"jku": "https://evil.example/keys", "x5u": "https://evil.example/x", "jwk": jwk}
        headers = {"kid": "mine", "typ": "at+jwt", name: values[name]}
        return jwt.encode(payload(clock), mine, algorithm="ES256", headers=headers)

    return forge


def with_header(**header: Any) -> Forgery:
    return lambda keys, clock: signed(keys, payload(clock), **header)


def with_claims(**other: Any) -> Forgery:
    return lambda keys, clock: signed(keys, payload(clock, **other))


def changed_after_signing(keys: SigningKeys, clock: MovableClock) -> str:
    head, _, signature = signed(keys, payload(clock)).split(".")
    body = json.dumps(payload(clock, sub=str(new_id()))).encode()
    return f"{head}.{base64.urlsafe_b64encode(body).rstrip(b'=').decode()}.{signature}"


def other_curve(keys: SigningKeys, clock: MovableClock) -> str:
    mine = ec.generate_private_key(ec.SECP384R1())
    headers = {"kid": keys.current.kid, "typ": "at+jwt"}
    return jwt.encode(payload(clock), mine, algorithm="ES384", headers=headers)


FORGERIES: dict[str, Forgery] = {
    "no algorithm": unsigned,
    "public key as secret": public_key_as_secret,
    "foreign key": foreign_key,
    "other curve": other_curve,
    "changed after signing": changed_after_signing,
    "jku": key_in_the_header("jku"),
    "x5u": key_in_the_header("x5u"),
    "jwk": key_in_the_header("jwk"),
    "unknown kid": with_header(kid="../keys/rpc"),
    "no kid": with_header(kid=""),
    "plain typ": with_header(typ="JWT"),
    "worker's typ": with_header(typ="rpc+jwt"),
    "critical extension": with_header(crit=["b64"], b64=False),
    "worker's audience": with_claims(aud="media-worker"),
    "several audiences": with_claims(aud=[AUDIENCE, "media-worker"]),
    "no audience": with_claims(aud=None),
    "foreign issuer": with_claims(iss="https://evil.example"),
    "no expiry": with_claims(exp=None),
    "expiry beyond time": with_claims(exp=10**30),
    "expiry true": with_claims(exp=True),
    "no log-in": with_claims(sid=None),
    "log-in that is no id": with_claims(sid="1 OR 1=1"),
    "account that is no id": with_claims(sub="admin"),
    "issued tomorrow": with_claims(iat=2**32, exp=2**32 + 600),
    "empty": lambda keys, clock: "",
    "dots": lambda keys, clock: "..",
    "too long": lambda keys, clock: signed(keys, payload(clock, x="y" * 5000)),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_is_refused(
    name: str, keys: SigningKeys, clock: MovableClock, tokens: AccessTokens
) -> None:
    with pytest.raises(TokenBad):
        tokens.verify(FORGERIES[name](keys, clock))


def test_good_token_with_foreign_key_addresses_is_judged_by_our_key_alone(
    keys: SigningKeys, clock: MovableClock, tokens: AccessTokens
) -> None:
    token = signed(
        keys, payload(clock), jku="https://evil.example/keys", x5u="https://evil.example"
    )
    assert tokens.verify(token) == CLAIMS


def test_expired_is_told_apart_from_bad(
    keys: SigningKeys, clock: MovableClock, tokens: AccessTokens
) -> None:
    now = int(clock.now().timestamp())
    with pytest.raises(TokenExpired):
        tokens.verify(signed(keys, payload(clock, iat=now - 700, exp=now - 100)))


@given(st.text(max_size=300))
def test_any_text_is_refused_as_bad(text: str) -> None:
    with pytest.raises(TokenBad):
        AccessTokens(SigningKeys(Path("/nonexistent")), MovableClock()).verify(text)


def test_keys_are_private_files_and_stay(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = SigningKeys(folder)
    first.load()
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = SigningKeys(folder)
    again.load()
    assert again.current.kid == first.current.kid


def test_a_newer_key_signs_and_the_older_still_verifies(tmp_path: Path) -> None:
    clock = MovableClock()
    old = SigningKeys(tmp_path / "old")
    old.load()
    token = AccessTokens(old, clock).issue(CLAIMS, expires_at=clock.now() + dt.timedelta(minutes=1))
    new = SigningKeys(tmp_path / "new")
    new.load()
    both = tmp_path / "both"
    both.mkdir()
    for age, folder in enumerate(("old", "new")):
        (file,) = (tmp_path / folder).iterdir()
        copy = both / file.name
        copy.write_bytes(file.read_bytes())
        os.utime(copy, (1_000_000 + age, 1_000_000 + age))
    keys = SigningKeys(both)
    keys.load()
    assert keys.current.kid == new.current.kid
    assert AccessTokens(keys, clock).verify(token) == CLAIMS
    assert len(keys.jwks()) == 2


def test_a_file_that_holds_another_kind_of_key_is_named(tmp_path: Path) -> None:
    pem = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "access-token-x.pem").write_bytes(pem)
    with pytest.raises(ValueError, match=r"access-token-x\.pem"):
        SigningKeys(tmp_path).load()


def test_replicas_that_start_at_once_on_an_empty_folder_have_one_key(tmp_path: Path) -> None:
    for number in range(5):
        replicas = [SigningKeys(tmp_path / f"keys-{number}") for _ in range(6)]
        together = threading.Barrier(len(replicas))

        def load(keys: SigningKeys, together: threading.Barrier = together) -> None:
            together.wait(10)
            keys.load()

        with ThreadPoolExecutor(len(replicas)) as pool:
            list(pool.map(load, replicas))
        assert len({keys.current.kid for keys in replicas}) == 1
        assert {len(keys.jwks()) for keys in replicas} == {1}
