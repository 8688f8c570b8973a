import type { SlotSection, SourceKind, SourceSection } from "../types"

/** The order of send sections in every offer. */
export const SOURCE_ORDER: readonly SourceKind[] = ["microphone", "face", "document", "screen"]
/** Slots from here on hold a document camera or a screen, not a person. */
export const FIRST_PICTURE_SLOT = 100

export interface PlannedSection {
  media: "audio" | "video"
  direction: "sendonly" | "recvonly"
  kind: SourceKind | null
  index: number | null
}

/** The sections of an offer: sources, then an audio and a video slot a person, then slots for documents and screens. */
export function planSections(kinds: readonly SourceKind[], people: number, pictures: number): PlannedSection[] {
  const sources = SOURCE_ORDER.filter((kind) => kinds.includes(kind)).map((kind): PlannedSection => ({
    media: kind === "microphone" ? "audio" : "video", direction: "sendonly", kind, index: null,
  }))
  const slots: PlannedSection[] = []
  for (let index = 0; index < people; index++) {
    for (const media of ["audio", "video"] as const) slots.push({ media, direction: "recvonly", kind: null, index })
  }
  for (let index = 0; index < pictures; index++) {
    slots.push({ media: "video", direction: "recvonly", kind: null, index: FIRST_PICTURE_SLOT + index })
  }
  return [...sources, ...slots]
}

export interface BuiltSection { plan: PlannedSection; transceiver: RTCRtpTransceiver }

/**
 * Add the sections to `peer`; a source without a track gets its section too, so that the camera can start later
 * without negotiation. `stream` ties microphone and face together for lip sync.
 */
export function buildSections(peer: RTCPeerConnection, plans: readonly PlannedSection[], stream: MediaStream): BuiltSection[] {
  return plans.map((plan) => {
    const together = plan.kind === "microphone" || plan.kind === "face"
    const transceiver = peer.addTransceiver(plan.media, { direction: plan.direction, streams: together ? [stream] : [] })
    preferForwardedCodecs(transceiver, plan.media)
    return { plan, transceiver }
  })
}

/** Offer only what the media worker forwards, Opus and VP8: an offer of all codecs is five times as long. */
function preferForwardedCodecs(transceiver: RTCRtpTransceiver, media: "audio" | "video"): void {
  const name = media === "audio" ? "audio/opus" : "video/vp8"
  const known = RTCRtpReceiver.getCapabilities(media)?.codecs ?? []
  const wanted = known.filter((codec) => codec.mimeType.toLowerCase() === name)
  if (wanted.length) transceiver.setCodecPreferences(wanted)
}

/** What the server is told of the sections, once they have their mids. */
export function describeSections(built: readonly BuiltSection[]): { sources: SourceSection[]; slots: SlotSection[] } {
  const sources: SourceSection[] = []
  const slots: SlotSection[] = []
  for (const { plan, transceiver } of built) {
    const mid = transceiver.mid
    if (mid === null) throw new Error("section without mid: describe it after setLocalDescription")
    if (plan.kind) sources.push({ mid, kind: plan.kind })
    else if (plan.index !== null) slots.push({ mid, media: plan.media, index: plan.index })
  }
  return { sources, slots }
}
