"""Who is in which slot: nobody moves without need, lips go with their voice."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from server.sessions.audience import Seen, Slot, fill_slots
from server.sessions.ports import SourceKind

Fills = dict[str, UUID | None]
PEOPLE = (SourceKind.MICROPHONE, SourceKind.FACE)
ORDER = {kind: place for place, kind in enumerate(SourceKind, start=1)}


def person(number: int, kinds: tuple[SourceKind, ...], *, active: bool = True) -> list[Seen]:
    return [
        Seen(UUID(int=100 * number + ORDER[kind]), UUID(int=number), kind, active) for kind in kinds
    ]


def page(pairs: int, singles: int) -> list[Slot]:
    slots = []
    for index in range(pairs):
        slots += [Slot(f"a{index}", "audio", index), Slot(f"v{index}", "video", index)]
    return slots + [Slot(f"s{index}", "video", 100 + index) for index in range(singles)]


@st.composite
def crowds(draw: st.DrawFn) -> list[Seen]:
    sources: list[Seen] = []
    for number in range(1, draw(st.integers(0, 5)) + 1):
        kinds = draw(st.lists(st.sampled_from(SourceKind), unique=True))
        for source in person(number, tuple(kinds)):
            shown = source.kind in PEOPLE or draw(st.booleans())
            sources.append(Seen(source.source_id, source.participant_id, source.kind, active=shown))
    return sources


pages = st.builds(page, st.integers(0, 4), st.integers(0, 3))
nobody: Fills = {}


@given(pages, crowds())
def test_no_source_is_twice_and_only_given_ones_are_shown(
    slots: list[Slot], sources: list[Seen]
) -> None:
    fills = fill_slots(slots, nobody, sources)
    assert set(fills) == {slot.mid for slot in slots}
    shown = [source_id for source_id in fills.values() if source_id is not None]
    assert len(shown) == len(set(shown))
    # So a receiver, whose own sources are not handed in, never sees themself.
    assert set(shown) <= {source.source_id for source in sources}


@given(pages, crowds())
def test_sound_goes_to_audio_and_pictures_to_video(slots: list[Slot], sources: list[Seen]) -> None:
    kinds = {source.source_id: source.kind for source in sources}
    for slot in slots:
        source_id = fill_slots(slots, nobody, sources)[slot.mid]
        if source_id is not None:
            assert (kinds[source_id] is SourceKind.MICROPHONE) == (slot.media == "audio")


@given(pages, crowds())
def test_voice_and_face_of_a_person_share_an_index(slots: list[Slot], sources: list[Seen]) -> None:
    fills = fill_slots(slots, nobody, sources)
    owner = {s.source_id: s.participant_id for s in sources if s.kind in PEOPLE}
    at: dict[int, set[UUID]] = {}
    for slot in slots:
        source_id = fills[slot.mid]
        if source_id in owner:
            at.setdefault(slot.index, set()).add(owner[source_id])
    assert all(len(people) == 1 for people in at.values())
    placed = [next(iter(people)) for people in at.values()]
    assert len(placed) == len(set(placed))


@given(pages, crowds(), crowds())
def test_who_stays_present_stays_in_the_slot(
    slots: list[Slot], before: list[Seen], after: list[Seen]
) -> None:
    present = fill_slots(slots, nobody, before)
    fills = fill_slots(slots, present, after)
    there = {source.source_id for source in after if source.kind in PEOPLE or source.active}
    for mid, source_id in present.items():
        if source_id in there:
            assert fills[mid] == source_id


@given(pages, crowds())
def test_the_same_sources_change_nothing(slots: list[Slot], sources: list[Seen]) -> None:
    present = fill_slots(slots, nobody, sources)
    assert fill_slots(slots, present, sources) == present


@given(pages, crowds())
def test_no_slot_stays_empty_while_somebody_waits(slots: list[Slot], sources: list[Seen]) -> None:
    fills = fill_slots(slots, nobody, sources)
    shown = {source_id for source_id in fills.values() if source_id}
    pairs = sum(slot.media == "audio" for slot in slots)
    singles = sum(slot.index >= 100 for slot in slots)
    people = {source.participant_id for source in sources if source.kind in PEOPLE}
    alone = {s.source_id for s in sources if s.kind not in PEOPLE and s.active}
    seen = {s.participant_id for s in sources if s.source_id in shown and s.kind in PEOPLE}
    assert len(seen) == min(pairs, len(people))
    assert len(alone & shown) == min(singles, len(alone))


def test_a_screen_that_is_off_leaves_its_slot() -> None:
    slots = page(1, 1)
    shown = person(1, (SourceKind.SCREEN,))
    present = fill_slots(slots, nobody, shown)
    assert present["s0"] == shown[0].source_id
    off = person(1, (SourceKind.SCREEN,), active=False)
    assert fill_slots(slots, present, off)["s0"] is None


def test_one_who_leaves_makes_room_and_nobody_else_moves() -> None:
    slots = page(2, 0)
    both = person(1, PEOPLE) + person(2, PEOPLE)
    present = fill_slots(slots, nobody, both + person(3, PEOPLE))
    fills = fill_slots(slots, present, person(2, PEOPLE) + person(3, PEOPLE))
    second, third = person(2, PEOPLE), person(3, PEOPLE)
    assert fills == {
        "a0": third[0].source_id,
        "v0": third[1].source_id,
        "a1": second[0].source_id,
        "v1": second[1].source_id,
    }


def test_a_connection_that_was_made_anew_takes_the_old_ones_place_in_a_full_page() -> None:
    slots = page(1, 0)
    present: Fills = {"a0": uuid4(), "v0": uuid4()}
    again = person(1, PEOPLE)
    fills = fill_slots(slots, present, again)
    assert fills == {"a0": again[0].source_id, "v0": again[1].source_id}
