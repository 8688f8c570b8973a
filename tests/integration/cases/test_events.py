"""Snapshot + events = fresh snapshot, after any commands of cases, papers and recordings."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from server.cases import events as case_events
from server.infrastructure.errors import Problem
from server.infrastructure.events.topics import Snapshot, reduce
from server.materials import events as material_events
from server.materials.decoder import Pictures
from server.materials.schemas import UploadFields
from server.materials.service import Materials
from server.materials.uploads import Upload
from server.recordings import events as recording_events
from tests.support import papers
from tests.support.manifests import manifest, recorded_file
from tests.support.visits import COMPLETE, UPLOAD_PIXELS, House, furnished_house

JPEG = papers.jpeg()
STEPS = (
    "save",
    "save_old",
    "submit",
    "accept",
    "note",
    "case_note",
    "paper",
    "any_paper",
    "remove",
    "request",
    "request_any",
    "withdraw",
    "begin",
    "close",
    "seal",
    "fail",
    "end",
)


class Instant:
    """Decoding has tests of its own; here it only would take time."""

    async def decode(self, upload: Path) -> Pictures:
        return Pictures(300, 400, JPEG, JPEG)


class Story:
    """One visit, to which commands happen in any order."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.folder = folder
        self.visit = house.open_visit()
        self.version: int | None = None
        self.materials = Materials(
            house.work,
            house.sessions,
            house.blobs,
            Instant(),
            upload_pixels=UPLOAD_PIXELS,
        )

    @property
    def case_id(self) -> UUID | None:
        return self.house.sessions.contexts[self.visit].case_id

    async def snapshot(self) -> Snapshot:
        """`session:<id>` as far as it is ours, and `case:<id>` with prefixed entities."""
        async with self.house.work.read() as session:
            found = {
                **await material_events.session_snapshot(session, self.visit),
                **await case_events.session_snapshot(session, self.visit, self.case_id),
                **await recording_events.snapshot(session, [self.visit]),
            }
        return {entity: rows for entity, rows in found.items() if rows}

    async def case_snapshot(self) -> Snapshot:
        if self.case_id is None:
            return {}
        kind = case_events.topic_kind(self.house.sessions)
        async with self.house.work.read() as session:
            found = await kind.snapshot(session, str(self.case_id))
        return {entity: rows for entity, rows in found.items() if rows}

    async def step(self, name: str) -> None:
        commands: dict[str, Callable[[], Awaitable[None]]] = {
            "save": lambda: self.save(self.version),
            "save_old": lambda: self.save(99),
            "submit": lambda: self.move("submit"),
            "accept": lambda: self.move("accept"),
            "note": self.note,
            "case_note": self.case_note,
            "paper": lambda: self.paper("licence"),
            "any_paper": lambda: self.paper(None),
            "remove": self.remove,
            "request": lambda: self.request("licence"),
            "request_any": lambda: self.request(None),
            "withdraw": self.withdraw,
            "begin": self.begin,
            "close": self.close,
            "seal": self.seal,
            "fail": lambda: self.house.recordings.failed(self.visit, 1, "disk_full"),
            "end": self.end,
        }
        # Refused is an answer, too: then nothing may have been announced.
        with suppress(Problem):
            await commands[name]()

    async def save(self, version: int | None) -> None:
        case = await self.house.cases.save(self.house.agent, self.visit, COMPLETE, version)
        self.version = case.version

    async def move(self, name: str) -> None:
        if self.case_id is not None:
            call = getattr(self.house.cases, name)
            self.version = (await call(self.house.agent, self.case_id, self.version)).version

    async def note(self) -> None:
        await self.house.cases.note_in_session(self.house.agent, self.visit, "note")

    async def case_note(self) -> None:
        if self.case_id is not None:
            await self.house.cases.note_in_case(self.house.agent, self.case_id, "note")

    async def paper(self, code: str | None) -> None:
        path = self.folder / "upload"
        path.write_bytes(JPEG)
        upload = Upload(path, len(JPEG), b"0" * 32, UploadFields(material_code=code))
        await self.materials.add(self.house.resident, self.visit, upload, None)

    async def remove(self) -> None:
        async with self.house.work.read() as session:
            kept = await material_events.kept_in_session(session, self.visit)
        if kept:
            await self.materials.remove(self.house.agent, kept[0].id, None)

    async def request(self, code: str | None) -> None:
        await self.materials.request(self.house.agent, self.visit, code, 1)

    async def withdraw(self) -> None:
        async with self.house.work.read() as session:
            asked = await material_events.requests_in_session(session, self.visit)
        if asked:
            await self.materials.withdraw(self.house.agent, asked[-1].id)

    async def begin(self) -> None:
        async with self.house.work.write(self.house.agent) as tx:
            await self.house.recordings.begin_part(tx, self.visit, 1)

    async def close(self) -> None:
        async with self.house.work.write(self.house.agent) as tx:
            await self.house.recordings.closing(tx, self.visit)

    async def seal(self) -> None:
        told = manifest(self.visit, [recorded_file(b"x")], started_at=self.house.clock.now())
        await self.house.recordings.sealed(self.visit, 1, f"recordings/{self.visit}/1", told)

    async def end(self) -> None:
        self.house.end_visit(self.visit)


async def tell(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with furnished_house(Path(folder)) as house:
            story = Story(house, Path(folder))
            seen, case_seen = await story.snapshot(), await story.case_snapshot()
            for name in steps:
                house.events.clear()
                await story.step(name)
                for event in house.events:
                    if event.topic == f"session:{story.visit}":
                        seen = reduce(seen, event.changes)
                    else:
                        assert event.topic == f"case:{story.case_id}"
                        case_seen = reduce(case_seen, event.changes)
                assert seen == await story.snapshot(), name
                assert case_seen == await story.case_snapshot(), name


@settings(max_examples=settings.default.max_examples // 5)
@given(st.lists(st.sampled_from(STEPS), max_size=25))
def test_snapshot_and_events_make_the_fresh_snapshot(steps: list[str]) -> None:
    asyncio.run(tell(steps))


def test_recording_that_begins_after_the_case_is_told_to_both() -> None:
    asyncio.run(tell(["save", "begin", "close", "seal"]))


def test_each_command_once_in_the_order_of_a_visit() -> None:
    order = [
        *("begin", "note", "request", "request_any", "paper", "any_paper", "request", "withdraw"),
        *("save", "save", "paper", "remove", "note", "case_note", "submit", "accept"),
        *("close", "fail", "seal", "end"),
    ]
    asyncio.run(tell(order))
