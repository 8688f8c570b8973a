"""Which bytes of a file a request asks for (RFC 9110, 13.1.5 and 14)."""

import re
from dataclasses import dataclass
from typing import Final

_SINGLE: Final = re.compile(r"bytes=[ \t]*([0-9]{0,19})-([0-9]{0,19})[ \t]*", re.IGNORECASE)


class Unsatisfiable(ValueError):
    """A well-formed range of which no byte exists."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The first and the last byte, counted from 0, both within the file."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def wanted_range(
    header: str | None, if_range: str | None, *, size: int, etag: str
) -> ByteRange | None:
    """The range to send, or None for the whole file.

    What can't be parsed, names another unit or several ranges is ignored, as the RFC allows; so is
    a range whose If-Range is not this file's strong `etag`. Raises Unsatisfiable.
    """
    if header is None or (if_range is not None and if_range.strip() != etag):
        return None
    match = _SINGLE.fullmatch(header.strip())
    if match is None or match.group(0).strip().endswith("=-"):
        return None
    first, last = match.groups()
    if not first:
        return _suffix(int(last), size)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable(header)
    return ByteRange(int(first), min(int(last), size - 1) if last else size - 1)


def _suffix(length: int, size: int) -> ByteRange:
    """The last `length` bytes."""
    if length == 0 or size == 0:
        raise Unsatisfiable(f"bytes=-{length}")
    return ByteRange(max(0, size - length), size - 1)
