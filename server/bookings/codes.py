"""Booking codes: who holds one may move, cancel and use the booking."""

import re
import secrets
from typing import Final

DIGITS: Final = 8
_SHAPE: Final = re.compile(r"[0-9]{8}")


def new_code() -> str:
    """Eight random digits. Leading zeros count."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def looks_like_code(text: str) -> bool:
    return _SHAPE.fullmatch(text) is not None
