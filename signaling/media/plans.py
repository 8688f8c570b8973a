"""What a client's offer, with what the application says of its sections, makes of a connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from signaling.media.sdp.answer import codec_of, send_time_id
from signaling.media.sdp.errors import Reason, SdpUnusable
from signaling.media.sdp.offer import Offer, Section
from signaling.media.slots import Media

KINDS: Final[dict[str, Media]] = {
    "microphone": "audio",
    "face": "video",
    "document": "video",
    "screen": "video",
}


@dataclass(frozen=True, slots=True)
class WantedSource:
    source_id: str
    mid: str
    kind: str


@dataclass(frozen=True, slots=True)
class WantedSlot:
    mid: str
    media: Media
    index: int


@dataclass(frozen=True, slots=True)
class SourcePlan:
    source_id: str
    mid: str
    kind: str
    media: Media
    ssrc: int
    payload_type: int


@dataclass(frozen=True, slots=True)
class SlotPlan:
    mid: str
    media: Media
    index: int
    payload_type: int
    send_time_id: int


@dataclass(frozen=True, slots=True)
class ConnectionPlan:
    """mids: of all sections, in the offer's order."""

    ufrag: str
    password: str
    fingerprint: str
    mids: tuple[str, ...]
    sources: tuple[SourcePlan, ...]
    slots: tuple[SlotPlan, ...]


def plan_connection(
    offer: Offer, sources: Sequence[WantedSource], slots: Sequence[WantedSlot]
) -> ConnectionPlan:
    """Check the offer's sections against what they are for. Raises SdpUnusable."""
    for section in offer.sections:
        if not section.rejected:
            codec_of(section)
    named = [one.mid for one in sources] + [one.mid for one in slots]
    if len(set(named)) != len(named):
        raise SdpUnusable(Reason.MID_TWICE)
    source_plans = tuple(_source(_named(offer, one.mid), one) for one in sources)
    if len({one.ssrc for one in source_plans}) != len(source_plans):
        raise SdpUnusable(Reason.SSRC_TWICE)
    return ConnectionPlan(
        offer.ufrag,
        offer.password,
        offer.fingerprint,
        tuple(section.mid for section in offer.sections),
        source_plans,
        tuple(_slot(_named(offer, one.mid), one) for one in slots),
    )


def _named(offer: Offer, mid: str) -> Section:
    section = offer.by_mid(mid)
    if section is None or section.rejected:
        raise SdpUnusable(Reason.SECTION_UNKNOWN)
    return section


def _source(section: Section, wanted: WantedSource) -> SourcePlan:
    media = KINDS[wanted.kind]
    if section.media != media:
        raise SdpUnusable(Reason.MEDIA_WRONG)
    if not section.sends:
        raise SdpUnusable(Reason.DIRECTION_WRONG)
    if section.ssrc is None:
        raise SdpUnusable(Reason.SSRC_MISSING)
    payload_type = codec_of(section).payload_type
    return SourcePlan(wanted.source_id, wanted.mid, wanted.kind, media, section.ssrc, payload_type)


def _slot(section: Section, wanted: WantedSlot) -> SlotPlan:
    if section.media != wanted.media:
        raise SdpUnusable(Reason.MEDIA_WRONG)
    if not section.receives:
        raise SdpUnusable(Reason.DIRECTION_WRONG)
    return SlotPlan(
        wanted.mid,
        wanted.media,
        wanted.index,
        codec_of(section).payload_type,
        send_time_id(section),
    )
