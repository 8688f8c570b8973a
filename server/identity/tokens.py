"""Access tokens of API clients: short JWTs, ES256 alone, bound to a log-in that can be revoked.

RFC 8725: the algorithm is ours and not the token's to choose, keys are found by `kid` among our
own, `jku`, `jwk`, `x5u` and `x5c` are not looked at, `typ`, `aud`, `iss` and `exp` must be right.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import jwt

from server.identity.keys import SigningKeys
from server.infrastructure.clock import Clock
from server.infrastructure.errors import Unauthorised
from server.infrastructure.ids import new_id, parse_id

ALGORITHM: Final = "ES256"
TYPE: Final = "at+jwt"  # RFC 9068
AUDIENCE: Final = "virtual-window-api"
ISSUER: Final = "virtual-window"
SKEW: Final = dt.timedelta(seconds=30)
TOKEN_MAX: Final = 4096


class TokenBad(Unauthorised):
    """Not one of ours, or not one for here."""

    def __init__(self) -> None:
        super().__init__("credential_bad")


class TokenExpired(Unauthorised):
    """It was good once: its time is over, or its log-in was revoked."""

    def __init__(self) -> None:
        super().__init__("credential_expired")


@dataclass(frozen=True, slots=True)
class Claims:
    account_id: UUID
    login_session_id: UUID


class AccessTokens:
    def __init__(self, keys: SigningKeys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def issue(self, claims: Claims, *, expires_at: dt.datetime) -> str:
        now = self._clock.now()
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(claims.account_id),
            "sid": str(claims.login_session_id),
            "jti": str(new_id()),
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        key = self._keys.current
        headers = {"kid": key.kid, "typ": TYPE}
        return jwt.encode(payload, key.private, algorithm=ALGORITHM, headers=headers)

    def verify(self, token: str) -> Claims:
        """Whose token it is. The log-in that it names is still to be looked up.

        Raises TokenExpired for one of ours after its time, TokenBad for all else.
        """
        try:
            payload = self._payload(token)
            claims = Claims(_id(payload["sub"]), _id(payload["sid"]))
            issued, expires = _moment(payload["iat"]), _moment(payload["exp"])
        except (jwt.PyJWTError, ValueError, OverflowError, OSError) as error:
            raise TokenBad from error
        now = self._clock.now()
        if issued > now + SKEW:
            raise TokenBad
        if expires <= now:
            raise TokenExpired
        return claims

    def jwks(self) -> list[dict[str, Any]]:
        return self._keys.jwks()

    def _payload(self, token: str) -> dict[str, Any]:
        if len(token) > TOKEN_MAX:
            raise jwt.InvalidTokenError
        header = jwt.get_unverified_header(token)
        key = self._keys.find(str(header.get("kid")))
        if key is None or header.get("typ") != TYPE or "crit" in header:
            raise jwt.InvalidTokenError
        payload: dict[str, Any] = jwt.decode(
            token,
            key.private.public_key(),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            # Times are compared with our own clock, below.
            options={
                "require": ["iss", "aud", "sub", "sid", "iat", "exp"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "strict_aud": True,
            },
        )
        return payload


def _id(value: object) -> UUID:
    found = parse_id(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("not an id")
    return found


def _moment(value: object) -> dt.datetime:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not a time in whole seconds")  # noqa: TRY004 - of a stranger's token
    return dt.datetime.fromtimestamp(value, dt.UTC)
