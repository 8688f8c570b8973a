import { describe, expect, it } from "vitest"
import type { Slot } from "../types"
import { gradeLink, readSample, type Sample } from "./quality"
import { readRoster } from "./roster"
import { planSections } from "./sections"
import { LOST_AFTER_MS, StateLog } from "./state"
import { LIMITS, Watchdog } from "./watchdog"

describe("sections", () => {
  it("come in the server's order whatever order is asked", () => {
    const plan = planSections(["screen", "face", "microphone"], 2, 1).map((one) => [one.media, one.direction, one.kind ?? one.index])
    expect(plan).toEqual([
      ["audio", "sendonly", "microphone"], ["video", "sendonly", "face"], ["video", "sendonly", "screen"],
      ["audio", "recvonly", 0], ["video", "recvonly", 0], ["audio", "recvonly", 1], ["video", "recvonly", 1], ["video", "recvonly", 100],
    ])
  })
})

describe("the roster", () => {
  const streams = new Map<number, MediaStream>()
  const stream = (index: number) => {
    const known = streams.get(index) ?? ({ index } as unknown as MediaStream)
    streams.set(index, known)
    return known
  }
  const slot = (index: number, media: "audio" | "video", person: string | null, kind: Slot["kind"], role: Slot["role"] = "agent"): Slot => ({
    id: `${media}${index}`, media, index, source_id: person && `${person}-${media}`, participant_id: person, kind, role,
  })

  it("joins the two slots of a person and leaves empty ones out", () => {
    const roster = readRoster([
      slot(0, "audio", "a", "microphone"), slot(0, "video", "a", "face"), slot(1, "audio", "b", "microphone", "partner"),
      slot(1, "video", null, null), slot(2, "audio", null, null),
    ], stream)
    expect(roster.people.map(({ participantId, role, audio, video }) => [participantId, role, audio, video])).toEqual([
      ["a", "agent", true, true], ["b", "partner", true, false],
    ])
  })

  it("keeps the stream of a slot, and tells documents from screens", () => {
    const roster = readRoster([slot(100, "video", "r", "document", "resident"), slot(101, "video", "a", "screen")], stream)
    expect(roster.documents[0]?.stream).toBe(stream(100))
    expect(roster.screens[0]?.participantId).toBe("a")
    expect(roster.people).toEqual([])
  })
})

describe("the watchdog", () => {
  const { quietMs, hopelessMs } = LIMITS

  it("asks for a restart when nothing comes though something should", () => {
    const dog = new Watchdog(0)
    expect(dog.judge(10, true, 0)).toBe("well")
    expect(dog.judge(10, true, quietMs - 1)).toBe("well")
    expect(dog.judge(10, true, quietMs)).toBe("restart")
  })

  it("leaves a call without anybody alone", () => {
    const dog = new Watchdog(0)
    for (let at = 0; at < 60_000; at += 1_000) expect(dog.judge(10, false, at)).toBe("well")
  })

  it("wants a new connection when a restart leads nowhere, again and again", () => {
    const dog = new Watchdog(0)
    dog.troubled(0)
    expect(dog.judge(10, true, hopelessMs - 1)).toBe("well")
    expect(dog.judge(10, true, hopelessMs)).toBe("renew")
    expect(dog.judge(10, true, hopelessMs + 1)).toBe("well")
    expect(dog.judge(10, true, 2 * hopelessMs)).toBe("renew")
  })

  it("is calm again after recovery", () => {
    const dog = new Watchdog(0)
    dog.troubled(0)
    dog.recovered(1_000)
    expect(dog.judge(11, true, 20_000)).toBe("well")
    expect(dog.judge(12, true, 40_000)).toBe("well")
  })
})

describe("the state of a link", () => {
  it("goes from connecting to connected, and back with its reasons", () => {
    let now = 0
    const log = new StateLog(() => now)
    log.connected("media")
    now = 1_000
    log.trying("ice_disconnected")
    log.trying("no_way_back")
    expect(log.state).toMatchObject({ status: "reconnecting", since: 1_000, tries: 2 })
    log.connected("media")
    expect(log.state).toMatchObject({ status: "connected", tries: 0 })
    expect(log.history.map((one) => one.reason)).toEqual(["start", "media", "ice_disconnected", "no_way_back", "media"])
  })

  it("is lost after a long trouble, and comes back from there", () => {
    let now = 0
    const log = new StateLog(() => now)
    log.connected("media")
    log.trying("ice_failed")
    now = LOST_AFTER_MS
    expect(log.tick()).toBe(true)
    expect(log.state.status).toBe("lost")
    log.trying("again")
    expect(log.state.status).toBe("lost")
    log.connected("media")
    expect(log.state.status).toBe("connected")
  })
})

describe("link quality", () => {
  const sample = (more: Partial<Sample>): Sample => ({
    at: 0, packetsIn: 0, packetsLostIn: 0, mediaPacketsIn: 0, lossOut: null, roundTrip: null, framesDecoded: 0, availableOut: null, ...more,
  })

  it("grades by loss either way and by round trip", () => {
    const from = sample({})
    expect(gradeLink(from, sample({ mediaPacketsIn: 100 })).grade).toBe("good")
    expect(gradeLink(from, sample({ mediaPacketsIn: 95, packetsLostIn: 5 })).grade).toBe("fair")
    expect(gradeLink(from, sample({ mediaPacketsIn: 100, lossOut: 0.2 })).grade).toBe("poor")
    expect(gradeLink(from, sample({ mediaPacketsIn: 100, roundTrip: 0.4 }))).toMatchObject({ grade: "fair", roundTripMs: 400 })
  })

  it("sums up a stats report", () => {
    const report = new Map<string, unknown>([
      ["t", { type: "transport", packetsReceived: 7 }],
      ["a", { type: "inbound-rtp", kind: "audio", packetsLost: 1, packetsReceived: 10 }],
      ["v", { type: "inbound-rtp", kind: "video", packetsLost: 2, packetsReceived: 20, framesDecoded: 5 }],
      ["r", { type: "remote-inbound-rtp", fractionLost: 0.1 }],
      ["c", { type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: 0.02 }],
      ["d", { type: "candidate-pair", nominated: false, state: "failed", currentRoundTripTime: 9 }],
    ])
    expect(readSample(report as unknown as RTCStatsReport, 3)).toEqual({
      at: 3, packetsIn: 7, packetsLostIn: 3, mediaPacketsIn: 30, lossOut: 0.1, roundTrip: 0.02, framesDecoded: 5, availableOut: null,
    })
  })
})
