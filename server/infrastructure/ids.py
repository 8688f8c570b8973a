"""UUIDv7: ordered by time, so that an index grows at its end (RFC 9562, 5.7)."""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def parse_id(text: str) -> UUID | None:
    """The id that `text` spells, or None: a foreign id is answered like an absent one.

    Only as we write it: else one id had thousands of names, and each could be listened to.
    """
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None
