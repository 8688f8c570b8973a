"""Telephone numbers: as people write them, as they are kept, as others may see them. Pure."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from server.infrastructure.errors import Unprocessable

_SEPARATORS: Final = re.compile(r"[\s().\-\u2010-\u2015]")  # all kinds of hyphens and dashes
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
# 010 and 02x are cities of eight digits; other area codes have four, and seven or eight behind.
_LANDLINE: Final = re.compile(r"(0(?:10|2\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7})")
_LOCAL: Final = re.compile(r"[2-8]\d{7}")
_COUNTRY: Final = re.compile(r"\+[1-9]\d{6,14}")  # ITU-T E.164: 15 digits at most
_MAINLAND: Final = "+86"
_HEAD: Final = 3
_TAIL: Final = 4
_SHORT: Final = 9


def parse_phone(text: str, *, area_code: str, countries: Collection[str]) -> str:
    """The number that `text` spells, as digits: 13800000001, 02162560000, +85221230000.

    Takes mainland mobiles and landlines, and numbers of `countries` (such as +852): elsewhere there
    are numbers that cost whoever calls them. area_code: of a landline that is written without one,
    as people in a city of eight digits do. Raises Unprocessable `phone_unusable` and
    `phone_abroad`, which do not repeat it.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith(_MAINLAND):
        digits = digits.removeprefix(_MAINLAND)
        # Abroad an area code is said without its zero.
        if not _MOBILE.fullmatch(digits) and not digits.startswith("0"):
            digits = "0" + digits
    if _LOCAL.fullmatch(digits):
        digits = area_code + digits
    if not digits.isascii():
        raise Unprocessable("phone_unusable")
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    if not _COUNTRY.fullmatch(digits):
        raise Unprocessable("phone_unusable")
    if not digits.startswith(tuple(countries)):
        raise Unprocessable("phone_abroad", countries=", ".join(sorted(countries)))
    return digits


def masked(phone: str) -> str:
    """138****0001: enough to tell one's own number, too little to call it."""
    head, tail = (_HEAD, _TAIL) if len(phone) > _SHORT else (_HEAD, 2)
    return f"{phone[:head]}****{phone[-tail:]}"
