"""The log's frame: a preamble, then blocks, each with its length, CRC-32 and SHA-256 chain.

    preamble  b"RVWLOG" | version (1 byte) | length of codec name (1 byte) | codec name (ASCII)
    block     b"RVB1" | length of what is stored (4 bytes) | CRC-32 of it (4) | chain (32) | stored

All numbers are big-endian. A block's chain is SHA-256(chain before | stored); before the first
block it is SHA-256(preamble). Checksum and chain run over what is stored, so that a log can be
verified without the key that its codec may need.
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from typing import Final, Protocol

VERSION: Final = 1
LOG_NAME: Final = "packets.rvwlog"
PREAMBLE_START: Final = b"RVWLOG"
BLOCK_MAGIC: Final = b"RVB1"
BLOCK_HEAD: Final = struct.Struct(">4sLL32s")
MAX_BLOCK_BYTES: Final = 32 * 2**20


class BlockCodec(Protocol):
    """How a block's records are stored: as they are, or encrypted.

    name: written into the preamble, at most 255 ASCII characters; names the algorithm and key.
    """

    @property
    def name(self) -> str: ...

    def encode(self, number: int, records: bytes) -> bytes:
        """What to store for the `number`th block (from 0)."""
        ...

    def decode(self, number: int, stored: bytes) -> bytes:
        """The records again. Raises ValueError if `stored` was not made by this codec."""
        ...


@dataclass(frozen=True, slots=True)
class PlainBlocks:
    """Records stored as they are."""

    name: str = "plain"

    def encode(self, number: int, records: bytes) -> bytes:
        del number
        return records

    def decode(self, number: int, stored: bytes) -> bytes:
        del number
        return stored


def preamble(codec_name: str) -> bytes:
    """The log's first bytes."""
    name = codec_name.encode("ascii")
    return PREAMBLE_START + bytes((VERSION, len(name))) + name


def first_chain(preamble_bytes: bytes) -> bytes:
    """The chain value that the first block continues, 32 bytes."""
    return hashlib.sha256(preamble_bytes).digest()


def next_chain(chain: bytes, stored: bytes) -> bytes:
    """The chain value of a block, 32 bytes."""
    digest = hashlib.sha256(chain)
    digest.update(stored)
    return digest.digest()


def block_head(stored: bytes, chain: bytes) -> bytes:
    """What stands before `stored` in the file; `chain` is the block's own."""
    return BLOCK_HEAD.pack(BLOCK_MAGIC, len(stored), zlib.crc32(stored), chain)
