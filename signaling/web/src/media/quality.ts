/** Sums of one look at `getStats`, all counters since the connection began. */
export interface Sample {
  /** Local ms. */
  at: number
  /** Packets that came in on the whole transport, RTCP too. */
  packetsIn: number
  packetsLostIn: number
  mediaPacketsIn: number
  /** Lost on the way out, as the server reports it, 0 to 1; null when unknown. */
  lossOut: number | null
  /** Seconds; null when unknown. */
  roundTrip: number | null
  /** Video frames decoded, all slots together. */
  framesDecoded: number
  /** What the bandwidth estimate allows out, bit/s. */
  availableOut: number | null
}

export type LinkGrade = "good" | "fair" | "poor"
export interface LinkQuality { grade: LinkGrade; roundTripMs: number | null; lossIn: number; lossOut: number }

/** How the link was between two samples. */
export function gradeLink(before: Sample, after: Sample): LinkQuality {
  const lost = Math.max(0, after.packetsLostIn - before.packetsLostIn)
  const came = Math.max(0, after.mediaPacketsIn - before.mediaPacketsIn)
  const lossIn = lost + came > 0 ? lost / (lost + came) : 0
  const lossOut = after.lossOut ?? 0
  const roundTripMs = after.roundTrip === null ? null : Math.round(after.roundTrip * 1000)
  const worst = Math.max(lossIn, lossOut)
  let grade: LinkGrade = "good"
  if (worst > 0.1 || (roundTripMs ?? 0) > 600) grade = "poor"
  else if (worst > 0.03 || (roundTripMs ?? 0) > 300) grade = "fair"
  return { grade, roundTripMs, lossIn, lossOut }
}

/** Sum up a stats report. */
export function readSample(report: RTCStatsReport, at: number): Sample {
  const sample: Sample = {
    at, packetsIn: 0, packetsLostIn: 0, mediaPacketsIn: 0, lossOut: null, roundTrip: null, framesDecoded: 0, availableOut: null,
  }
  report.forEach((entry: Record<string, unknown>) => {
    const number = (name: string) => (typeof entry[name] === "number" ? entry[name] : 0)
    switch (entry.type) {
      case "transport":
        sample.packetsIn += number("packetsReceived")
        break
      case "inbound-rtp":
        sample.packetsLostIn += number("packetsLost")
        sample.mediaPacketsIn += number("packetsReceived")
        if (entry.kind === "video") sample.framesDecoded += number("framesDecoded")
        break
      case "remote-inbound-rtp":
        if (typeof entry.fractionLost === "number") sample.lossOut = Math.max(sample.lossOut ?? 0, entry.fractionLost)
        break
      case "candidate-pair":
        if (entry.nominated === true && entry.state === "succeeded") {
          if (typeof entry.currentRoundTripTime === "number") sample.roundTrip = entry.currentRoundTripTime
          if (typeof entry.availableOutgoingBitrate === "number") sample.availableOut = entry.availableOutgoingBitrate
        }
        break
    }
  })
  return sample
}
