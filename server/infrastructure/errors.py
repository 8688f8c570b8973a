"""The tree of errors that a caller can be told about.

    Problem                  400
    ├── Unauthorised         401  who are you?
    ├── NotPermitted         403  not with these rights
    ├── NotFound             404  absent, or somebody else's: the same answer
    ├── Conflict             409  the state says otherwise
    │   └── Raced                 somebody else was quicker; a command is tried again
    ├── Gone                 410
    ├── TooLarge             413
    ├── UnsupportedMedia     415
    ├── Unprocessable        422
    ├── Locked               423
    ├── TooMany              429
    └── Unavailable          503

An error carries data: a stable `code`, a status and parameters. `problems.py` of the HTTP layer is
the one place that turns it into words (RFC 9457).
"""

from collections.abc import Mapping
from typing import ClassVar


class Problem(Exception):
    """Something the caller can be told: `code` is stable, `params` fill its translated text."""

    status: ClassVar[int] = 400

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = params


class Unauthorised(Problem):
    status = 401


class NotPermitted(Problem):
    status = 403


class NotFound(Problem):
    status = 404

    def __init__(self, code: str = "not_found", **params: object) -> None:
        super().__init__(code, **params)


class Conflict(Problem):
    status = 409


class Raced(Conflict):
    """The row is no longer as it was read: somebody else was quicker. A command is tried again."""

    def __init__(self, what: str) -> None:
        super().__init__("raced", what=what)


class Gone(Problem):
    status = 410


class TooLarge(Problem):
    status = 413


class UnsupportedMedia(Problem):
    status = 415


class Unprocessable(Problem):
    status = 422


class Locked(Problem):
    status = 423


class TooMany(Problem):
    status = 429


class Unavailable(Problem):
    status = 503
