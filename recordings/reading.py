"""Read a log again: verified block by block, with what its writer's death may have cut off."""

import fcntl
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from recordings import blocks
from recordings.errors import LogBusy, LogCorrupt, LogMissing, LogUnreadable
from recordings.records import LogHeader, Note, Packet, Record, unpack

CLOSED_NOTE: Final = "closed"
PLAIN: Final[Mapping[str, blocks.BlockCodec]] = {"plain": blocks.PlainBlocks()}


@dataclass(frozen=True, slots=True)
class LogEnd:
    """What a log was found to be, once read to its end.

    chain: of the last whole block, hex. closed: its writer ended it; else it died, and what it had
    not written yet (0.2 s or so) is lost. torn_bytes: of a last block that is not whole.
    """

    blocks: int
    packets: int
    chain: str
    closed: bool
    torn_bytes: int


class LogReader:
    """A log that nobody else writes or seals meanwhile (a lock on the file holds that).

    codecs: by name, what its blocks may be stored with. Raises LogMissing, LogBusy, LogUnreadable
    when made; `records` raises LogCorrupt where a block in the middle is damaged.
    """

    def __init__(self, folder: Path, codecs: Mapping[str, blocks.BlockCodec] = PLAIN) -> None:
        self.path = folder / blocks.LOG_NAME
        try:
            self._file: BinaryIO = self.path.open("rb")
        except (FileNotFoundError, NotADirectoryError) as error:
            raise LogMissing(self.path) from error
        try:
            self._size = os.fstat(self._file.fileno()).st_size
            self._lock()
            self._codec, self._start, self._first_chain = self._read_preamble(codecs)
            self.header = self._read_header()
        except BaseException:
            self._file.close()
            raise
        self.end: LogEnd | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def records(self) -> Iterator[Record]:
        """Everything in the log, in the order it was logged; then `end` says how it ended.

        A Packet's data is a view of its block: copy what is to be kept. Raises LogCorrupt.
        """
        chain, number, offset, packets, closed = self._first_chain, 0, self._start, 0, False
        self._file.seek(offset)
        while (stored := self._next_stored(number, offset, chain)) is not None:
            chain = blocks.next_chain(chain, stored)
            try:
                for record in unpack(self._codec.decode(number, stored)):
                    if isinstance(record, Packet):
                        packets += 1
                    elif isinstance(record, Note) and record.kind == CLOSED_NOTE:
                        closed = True
                    yield record
            except ValueError as error:
                raise LogCorrupt(self.path, number, offset, str(error)) from error
            number += 1
            offset += blocks.BLOCK_HEAD.size + len(stored)
        self.end = LogEnd(number, packets, chain.hex(), closed, self._size - offset)

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LogBusy(self.path) from error

    def _read_preamble(
        self, codecs: Mapping[str, blocks.BlockCodec]
    ) -> tuple[blocks.BlockCodec, int, bytes]:
        length = len(blocks.PREAMBLE_START) + 2
        start = self._file.read(length)
        if len(start) < length or not start.startswith(blocks.PREAMBLE_START):
            raise LogUnreadable(self.path, "this is no recording log")
        version, name_length = start[-2:]
        if version != blocks.VERSION:
            raise LogUnreadable(self.path, f"version {version} is not known")
        name = self._file.read(name_length)
        codec = codecs.get(name.decode("ascii", "replace"))
        if len(name) < name_length or codec is None:
            raise LogUnreadable(self.path, f"stored with {name!r}, which can't be read here")
        start += name
        return codec, len(start), blocks.first_chain(start)

    def _read_header(self) -> LogHeader:
        for record in self.records():
            if isinstance(record, LogHeader):
                return record
            break
        raise LogUnreadable(self.path, "the header was never written")

    def _next_stored(self, number: int, offset: int, chain: bytes) -> bytes | None:
        """The block at `offset`, verified; None at the end, or where only a torn block is left."""
        if offset == self._size:
            return None
        stored, reason = self._verified(chain)
        if stored is None and self._is_torn(offset):
            return None
        if stored is None:
            raise LogCorrupt(self.path, number, offset, reason)
        return stored

    def _verified(self, chain: bytes) -> tuple[bytes | None, str]:
        head = self._file.read(blocks.BLOCK_HEAD.size)
        if len(head) < blocks.BLOCK_HEAD.size:
            return None, "its head is cut"
        magic, length, checksum, chained = blocks.BLOCK_HEAD.unpack(head)
        if magic != blocks.BLOCK_MAGIC or length > blocks.MAX_BLOCK_BYTES:
            return None, "its head makes no sense"
        stored = self._file.read(length)
        if len(stored) < length:
            return None, "it is cut"
        if zlib.crc32(stored) != checksum:
            return None, "its checksum does not fit"
        if blocks.next_chain(chain, stored) != chained:
            return None, "it does not continue the chain"
        return stored, ""

    def _is_torn(self, offset: int) -> bool:
        """Whether what stands from `offset` on is a last block that never got whole.

        A writer dies in one block; so what has a whole block after it was damaged later.
        """
        rest_size = self._size - offset
        if rest_size > blocks.BLOCK_HEAD.size + blocks.MAX_BLOCK_BYTES:
            return False
        self._file.seek(offset)
        rest = self._file.read(rest_size)
        at = rest.find(blocks.BLOCK_MAGIC)
        while at >= 0:
            if _is_whole_block(rest, at):
                return False
            at = rest.find(blocks.BLOCK_MAGIC, at + 1)
        return True


def _is_whole_block(data: bytes, at: int) -> bool:
    body = at + blocks.BLOCK_HEAD.size
    if body > len(data):
        return False
    length: int
    checksum: int
    _, length, checksum, _ = blocks.BLOCK_HEAD.unpack_from(data, at)
    return body + length <= len(data) and zlib.crc32(data[body : body + length]) == checksum


def verify(folder: Path, codecs: Mapping[str, blocks.BlockCodec] = PLAIN) -> LogEnd:
    """Read the whole log and say how it ended.

    Raises LogMissing, LogBusy, LogUnreadable, LogCorrupt.
    """
    with LogReader(folder, codecs) as log:
        for _ in log.records():
            continue
        if log.end is None:
            raise AssertionError("records() was read to its end")
        return log.end
