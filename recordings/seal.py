"""Make a session's log into files that play: `python -m recordings.seal LOG_FOLDER OUT_FOLDER`.

OUT_FOLDER appears at once and whole, or not at all: WebM files and `manifest.json`, which is also
printed. Sealing a log again gives the same and changes nothing. Exit codes: 0 sealed; 2 wrong
use; 3 the log can't be read; 4 its frames are not all in the files, or OUT_FOLDER is of another
log; 5 the system failed (disk full and the like). An error is one line of JSON on stderr.
"""

import argparse
import hashlib
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from recordings.clocks import SenderReport
from recordings.errors import LogCorrupt, LogError, ManifestUnusable, RecordingError, SealConflict
from recordings.failing import fail
from recordings.frames import StreamFrames
from recordings.gaps import NOT_RECORDED, Span, gaps_of
from recordings.manifest import (
    MANIFEST_NAME,
    Frames,
    Manifest,
    RecordedFile,
    SealedLog,
    read_manifest,
)
from recordings.mux import write_webm
from recordings.plan import FilePlan, place_streams, plan_files
from recordings.reading import LogReader
from recordings.records import LogHeader, Note, Packet, StreamOpened

NICENESS: Final = 10
FOREVER_US: Final = 2**62
SPOOLS: Final = "spools"


class _Streams:
    """The log's streams as frames, and what was noted of them."""

    def __init__(self, spools: Path, open_files: ExitStack) -> None:
        self.frames: dict[int, StreamFrames] = {}
        self.reports: dict[int, list[SenderReport]] = defaultdict(list)
        self.spans: dict[int, list[Span]] = defaultdict(list)
        self._open_gaps: dict[int, tuple[int, str]] = {}
        self._spools = spools
        self._open_files = open_files

    def take(self, log: LogReader) -> None:
        origin_us = log.header.origin_us
        for record in log.records():
            if isinstance(record, Packet):
                stream = self.frames.get(record.stream)
                if stream is None:
                    raise LogCorrupt(log.path, 0, 0, f"stream {record.stream} was never opened")
                stream.add(record)
            elif isinstance(record, StreamOpened):
                spool = (self._spools / str(record.stream)).open("w+b")
                self._open_files.enter_context(spool)
                self.frames[record.stream] = StreamFrames(record.info, spool)
            elif isinstance(record, Note):
                self._note(record, origin_us)
        for number, (begin, reason) in self._open_gaps.items():
            self.spans[number].append(Span(begin, FOREVER_US, reason))
        for frames in self.frames.values():
            frames.finish()

    def unseen(self) -> list[StreamFrames]:
        """Pictures of which packets came, but never a keyframe."""
        return [
            frames
            for frames in self.frames.values()
            if frames.info.codec == "vp8"
            and frames.first_packet_us is not None
            and not len(frames.index)
        ]

    def _note(self, note: Note, origin_us: int) -> None:
        fields = note.fields
        number = fields.get("stream")
        if not isinstance(number, int):
            return
        at = note.at_us - origin_us
        if note.kind == "gap_begin":
            self._open_gaps.setdefault(number, (at, str(fields.get("reason") or "paused")))
        elif note.kind in ("gap_end", "stream_closed") and number in self._open_gaps:
            begin, reason = self._open_gaps.pop(number)
            self.spans[number].append(Span(begin, at, reason))
        elif note.kind == "dropped":
            begin, end = int(fields["from_us"]) - origin_us, int(fields["to_us"]) - origin_us
            self.spans[number].append(Span(begin, end, NOT_RECORDED))
        elif note.kind == "sender_report":
            report = SenderReport(note.at_us, int(fields["ntp"]), int(fields["rtp"]))
            self.reports[number].append(report)


def seal(log_folder: Path, out_folder: Path) -> Manifest:
    """Seal the log in `log_folder` into `out_folder`; sealed already, only look that it is whole.

    Raises LogMissing, LogBusy, LogUnreadable, LogCorrupt, SealConflict, SealIncomplete, OSError.
    """
    with LogReader(log_folder) as log:
        before = _sealed_before(log, out_folder)
        if before is not None:
            return before
        out_folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The log's lock lets one process seal it: a folder of this name is left by a killed one.
        work = out_folder.with_name(f".{out_folder.name}.sealing")
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        try:
            manifest = _seal_into(work, log)
            _put_in_place(work, out_folder)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
        return manifest


def _seal_into(work: Path, log: LogReader) -> Manifest:
    spools = work / SPOOLS
    spools.mkdir()
    with ExitStack() as open_files:
        streams = _Streams(spools, open_files)
        streams.take(log)
        parts = place_streams(streams.frames, streams.reports, log.header.origin_us)
        files = [
            _seal_file(work, number, plan, streams, log.header)
            for number, plan in enumerate(plan_files(parts, streams.unseen()), start=1)
        ]
    shutil.rmtree(spools)
    manifest = _manifest(log, files)
    path = work / MANIFEST_NAME
    path.write_text(manifest.to_json(), encoding="utf-8")
    _sync(path)
    return manifest


def _seal_file(
    work: Path, number: int, plan: FilePlan, streams: _Streams, header: LogHeader
) -> RecordedFile:
    path = work / f"{number:02}-{plan.kind}.webm"
    muxed = write_webm(plan, path)
    _sync(path)
    info = plan.parts[0].frames.info
    sizes = [part.frames.largest_size for part in plan.video] or [(0, 0)]
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return RecordedFile(
        name=path.name,
        participant_id=info.participant_id,
        connection_id=info.connection_id,
        role=info.role,
        kind=plan.kind,
        audience=info.audience,
        offset_ms=plan.start_us // 1000,
        duration_ms=muxed.duration_ms,
        frames=Frames(audio=muxed.audio, video=muxed.video),
        gaps=gaps_of(plan, streams.spans, header.origin_us),
        lost_packets=sum(part.frames.lost_packets for part in plan.parts),
        width=width,
        height=height,
        bytes=path.stat().st_size,
        sha256=_sha256(path),
    )


def _manifest(log: LogReader, files: list[RecordedFile]) -> Manifest:
    header, end = log.header, log.end
    if end is None:
        raise AssertionError("the log was read to its end")
    return Manifest(
        format=1,
        session_id=header.session_id,
        epoch=header.epoch,
        started_at=header.started_at,
        duration_ms=max((max(0, f.offset_ms + f.duration_ms) for f in files), default=0),
        labels=dict(header.labels),
        files=files,
        log=SealedLog(
            blocks=end.blocks,
            packets=end.packets,
            chain=end.chain,
            closed=end.closed,
            torn_bytes=end.torn_bytes,
        ),
    )


def _sealed_before(log: LogReader, out_folder: Path) -> Manifest | None:
    """The manifest of an earlier sealing that is whole; None when there is work to do."""
    if not out_folder.exists() or not any(out_folder.iterdir()):
        return None
    try:
        manifest = read_manifest(out_folder)
    except ManifestUnusable as error:
        raise SealConflict(out_folder) from error
    for _ in log.records():
        continue
    if log.end is None or manifest.log.chain != log.end.chain:
        raise SealConflict(out_folder)
    return manifest if all(_is_whole(out_folder, file) for file in manifest.files) else None


def _is_whole(folder: Path, file: RecordedFile) -> bool:
    path = folder / file.name
    return path.is_file() and path.stat().st_size == file.bytes and _sha256(path) == file.sha256


def _put_in_place(work: Path, out_folder: Path) -> None:
    _sync(work)
    if out_folder.exists():  # of this very log, and damaged: _sealed_before has looked
        shutil.rmtree(out_folder)
    work.rename(out_folder)
    _sync(out_folder.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m recordings.seal", description="Make a recording log into files that play."
    )
    parser.add_argument("log_folder", type=Path)
    parser.add_argument("out_folder", type=Path)
    chosen = parser.parse_args(arguments)
    os.nice(NICENESS)
    try:
        manifest = seal(chosen.log_folder, chosen.out_folder)
    except LogError as error:
        return fail(3, error.code, error)
    except RecordingError as error:
        return fail(4, error.code, error)
    except OSError as error:
        return fail(5, "system_failed", error)
    sys.stdout.write(manifest.to_json())
    return 0


if __name__ == "__main__":
    sys.exit(main())
