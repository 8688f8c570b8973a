"""Who sees and hears whom, and in which slot. Pure: rows in, slot maps out.

The rule so far: everybody in a session sees and hears everybody else. A person's microphone and
face go into slots of equal index, which share a stream, so that browsers keep lips in step; a
document camera or a screen stands alone, and only while it is on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.sessions.ports import SourceKind


@dataclass(frozen=True, slots=True)
class Seen:
    """A source that a receiver is to have, with the person it belongs to."""

    source_id: UUID
    participant_id: UUID
    kind: SourceKind
    active: bool


@dataclass(frozen=True, slots=True)
class Slot:
    mid: str
    media: str
    index: int


PEOPLE = (SourceKind.MICROPHONE, SourceKind.FACE)


def fill_slots(
    slots: Sequence[Slot], present: Mapping[str, UUID | None], sources: Sequence[Seen]
) -> dict[str, UUID | None]:
    """What each slot of one receiver carries, by mid.

    present: what the slots carry now: who is there stays where they are. Sources beyond the
    receiver's slots wait for one to fall free; the page asks for more sections when it lacks some.
    """
    fills: dict[str, UUID | None] = dict.fromkeys((slot.mid for slot in slots), None)
    pairs, singles = _pairs(slots), [slot for slot in slots if not _paired(slot, slots)]
    _fill_people(pairs, present, sources, fills)
    alone = [source.source_id for source in sources if source.kind not in PEOPLE and source.active]
    free = list(singles)
    for slot in singles:
        current = present.get(slot.mid)
        if current in alone:
            fills[slot.mid] = current
            alone.remove(current)
            free.remove(slot)
    for slot, source_id in zip(free, alone, strict=False):
        fills[slot.mid] = source_id
    return fills


def _fill_people(
    pairs: Mapping[int, Mapping[str, Slot]],
    present: Mapping[str, UUID | None],
    sources: Sequence[Seen],
    fills: dict[str, UUID | None],
) -> None:
    people: dict[UUID, dict[SourceKind, UUID]] = {}
    for source in sources:
        if source.kind in PEOPLE:
            people.setdefault(source.participant_id, {})[source.kind] = source.source_id
    owner = {source_id: person for person, kinds in people.items() for source_id in kinds.values()}
    placed: dict[int, UUID] = {}
    for index, pair in pairs.items():
        for slot in pair.values():
            current = present.get(slot.mid)
            person = owner.get(current) if current is not None else None
            if person is not None and person not in placed.values():
                placed.setdefault(index, person)
    waiting = [person for person in people if person not in placed.values()]
    for index in sorted(pairs):
        if index not in placed and waiting:
            placed[index] = waiting.pop(0)
    for index, person in placed.items():
        pair, kinds = pairs[index], people[person]
        if "audio" in pair:
            fills[pair["audio"].mid] = kinds.get(SourceKind.MICROPHONE)
        if "video" in pair:
            fills[pair["video"].mid] = kinds.get(SourceKind.FACE)


def _pairs(slots: Sequence[Slot]) -> dict[int, dict[str, Slot]]:
    pairs: dict[int, dict[str, Slot]] = {}
    for slot in slots:
        if _paired(slot, slots):
            pairs.setdefault(slot.index, {})[slot.media] = slot
    return pairs


def _paired(slot: Slot, slots: Sequence[Slot]) -> bool:
    """An audio slot's index makes the pair; a video slot without one stands alone."""
    return any(other.media == "audio" and other.index == slot.index for other in slots)
